//! Two pages for whoever watches over the server: `/healthz` says that the program lives, `/readyz` that its store
//! answers.
//!
//! Started by `server.rs` on a listener of its own, loopback unless a person says otherwise. Nothing here names an
//! account or changes anything.

use axum::Router;
use axum::http::StatusCode;
use axum::routing::get;
use std::io;
use std::sync::Arc;
use tokio::net::TcpListener;

/// Asks the store something small; false when it does not answer.
pub(crate) type Probe = Arc<dyn Fn() -> bool + Send + Sync>;

/// Serves the pages for ever.
pub(crate) async fn serve(listener: TcpListener, probe: Probe) -> io::Result<()> {
    let pages = Router::new()
        .route("/healthz", get(async || "ok\n"))
        .route("/readyz", get(async move || ready(probe).await));
    axum::serve(listener, pages).await
}

async fn ready(probe: Probe) -> (StatusCode, &'static str) {
    match tokio::task::spawn_blocking(move || probe()).await {
        Ok(true) => (StatusCode::OK, "ready\n"),
        Ok(false) | Err(_) => (
            StatusCode::SERVICE_UNAVAILABLE,
            "the store does not answer\n",
        ),
    }
}
