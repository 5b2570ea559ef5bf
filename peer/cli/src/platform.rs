//! Everything that differs between operating systems: what an interrupt is.
//!
//! No other file of this package names an operating system.

/// Returns when the person or the system asks the program to stop.
#[cfg(unix)]
pub(crate) async fn interrupted() {
    use tokio::signal::unix::{SignalKind, signal};
    let Ok(mut terminate) = signal(SignalKind::terminate()) else {
        return wait_for_ctrl_c().await;
    };
    tokio::select! {
        _ = terminate.recv() => {}
        () = wait_for_ctrl_c() => {}
    }
}

#[cfg(windows)]
pub(crate) async fn interrupted() {
    wait_for_ctrl_c().await;
}

async fn wait_for_ctrl_c() {
    if let Err(error) = tokio::signal::ctrl_c().await {
        tracing::warn!(%error, "interrupts cannot be heard");
        std::future::pending::<()>().await;
    }
}
