//! Notices of the desktop: somebody wrote while the window was elsewhere.
//!
//! Told by a thread of its own, as a desktop may take its time or have nobody who shows notices; the window never waits for
//! it. What does not fit into the short queue is dropped: the unread counts say the same.

use crate::input::intent::Go;
use hutong_common::limits::NOTICES_WAITING_MAX;
use notify_rust::Notification;
use std::sync::Arc;
use std::sync::atomic::AtomicUsize;
use std::sync::mpsc::{SyncSender, sync_channel};

/// One notice. Whoever does not want messages shown gives a body that has none.
#[derive(Clone, Debug, PartialEq)]
pub struct Notice {
    /// Who.
    pub title: String,
    /// What; may be empty.
    pub body: String,
    /// Where a click on it leads.
    pub leads_to: Go,
}

/// What is done with a click.
type Clicked = Arc<dyn Fn(Go) + Send + Sync>;

/// Where notices go.
#[derive(Clone, Debug)]
pub struct Notices {
    queue: Option<SyncSender<Notice>>,
}

impl Notices {
    /// Starts the thread; it ends with the last clone of this. `clicked` hears where a click leads.
    pub fn start(clicked: impl Fn(Go) + Send + Sync + 'static) -> Self {
        let (clicked, waiting): (Clicked, _) = (Arc::new(clicked), Arc::default());
        Self::to(move |notice| show(notice, (&clicked, &waiting)))
    }

    /// Nobody shows them: for tests, and for people who switched them off.
    pub fn none() -> Self {
        Self { queue: None }
    }

    fn to(show: impl Fn(Notice) + Send + 'static) -> Self {
        let (queue, waiting) = sync_channel(NOTICES_WAITING_MAX);
        let started = std::thread::Builder::new()
            .name("notices".to_owned())
            .spawn(move || waiting.into_iter().for_each(show));
        if let Err(error) = &started {
            tracing::warn!(%error, "no thread for notices");
        }
        Self {
            queue: started.ok().map(|_| queue),
        }
    }

    /// Returns at once.
    pub fn tell(&self, notice: Notice) {
        if let Some(queue) = &self.queue
            && queue.try_send(notice).is_err()
        {
            tracing::debug!("a notice was dropped");
        }
    }
}

fn show(notice: Notice, (clicked, waiting): (&Clicked, &Arc<AtomicUsize>)) {
    let mut notification = Notification::new();
    notification
        .appname("Hutong")
        .icon("hutong-desktop")
        .summary(&notice.title)
        .body(&body(&notice.body));
    #[cfg(target_os = "linux")]
    notification
        .hint(notify_rust::Hint::DesktopEntry("hutong-desktop".to_owned()))
        .action("default", "Hutong");
    match notification.show() {
        Ok(shown) => follow(shown, notice.leads_to, (clicked, waiting)),
        Err(error) => tracing::debug!(%error, "nobody shows notices"),
    }
}

/// Waits on a thread of its own for a click; when many wait already, a click on this one does nothing.
#[cfg(target_os = "linux")]
fn follow(
    shown: notify_rust::NotificationHandle,
    leads_to: Go,
    (clicked, waiting): (&Clicked, &Arc<AtomicUsize>),
) {
    use hutong_common::limits::NOTICES_FOLLOWED_MAX;
    use std::sync::atomic::Ordering;
    if waiting.fetch_add(1, Ordering::SeqCst) >= NOTICES_FOLLOWED_MAX {
        waiting.fetch_sub(1, Ordering::SeqCst);
        return;
    }
    let (clicked, ended) = (Arc::clone(clicked), Arc::clone(waiting));
    let follow = move || {
        shown.wait_for_action(|action| {
            if action == "default" {
                clicked(leads_to);
            }
        });
        ended.fetch_sub(1, Ordering::SeqCst);
    };
    let thread = std::thread::Builder::new().name("notice".to_owned());
    if let Err(error) = thread.spawn(follow) {
        waiting.fetch_sub(1, Ordering::SeqCst);
        tracing::warn!(%error, "no thread for a notice");
    }
}

/// Other systems lead a click to the program itself.
#[cfg(not(target_os = "linux"))]
fn follow<T>(_: T, _: Go, _: (&Clicked, &Arc<AtomicUsize>)) {}

/// Where the desktop reads markup, what a person wrote is none.
#[cfg(target_os = "linux")]
fn body(text: &str) -> String {
    let reads_markup = notify_rust::get_capabilities()
        .is_ok_and(|able| able.iter().any(|one| one == "body-markup"));
    if reads_markup {
        escaped(text)
    } else {
        text.to_owned()
    }
}

#[cfg(not(target_os = "linux"))]
fn body(text: &str) -> String {
    text.to_owned()
}

#[cfg_attr(
    not(any(test, target_os = "linux")),
    expect(dead_code, reason = "other systems read no markup")
)]
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::mpsc::channel;

    fn notice(title: &str) -> Notice {
        Notice {
            title: title.to_owned(),
            body: String::new(),
            leads_to: Go::Front,
        }
    }

    #[test]
    fn the_window_never_waits_for_a_desktop_that_does() {
        let (go, wait) = channel::<()>();
        let (shown, seen) = channel();
        let notices = Notices::to(move |notice| {
            let _ = wait.recv();
            let _ = shown.send(notice);
        });
        for number in 0..NOTICES_WAITING_MAX * 4 {
            notices.tell(notice(&number.to_string()));
        }
        drop(go);
        drop(notices);
        let seen: Vec<Notice> = seen.iter().collect();
        assert_eq!(seen.first(), Some(&notice("0")));
        assert!(seen.len() <= NOTICES_WAITING_MAX + 1, "{}", seen.len());
    }

    #[test]
    fn what_a_person_wrote_is_no_markup() {
        assert_eq!(escaped("<b>a & b</b>"), "&lt;b&gt;a &amp; b&lt;/b&gt;");
    }
}
