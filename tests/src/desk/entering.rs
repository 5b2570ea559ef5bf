//! How somebody comes in: signing in, registering, or starting a class.

use super::Desk;
use super::places::entry;

/// Tabs from the box for a link to the link that leads to registering: login, password, the button.
const TABS_TO_REGISTER: usize = 4;
/// One more leads to starting a class.
const TABS_TO_CLASS: usize = TABS_TO_REGISTER + 1;

impl Desk<'_> {
    /// Goes from signing in to what is so many tabs away from the box for a link.
    fn leave_sign_in(&self, tabs: usize) -> anyhow::Result<()> {
        self.click(entry::LINK)?;
        let before = self.window.look()?;
        self.press(&vec!["Tab"; tabs])?;
        self.press(&["Return"])?;
        self.window.changed_since(&before)
    }

    /// Registers on the first screen: the link pasted, the rest typed, `Tab` between.
    ///
    /// # Errors
    /// When nobody is signed in thereafter.
    pub fn register(&self, invite: &str, login: &str, password: &str) -> anyhow::Result<()> {
        self.fill_in(invite, login, password)?;
        self.press(&["Return"])?;
        self.until(&["whoami"], |me| me["login"] == login)?;
        self.rests()
    }

    /// Fills in what [`register`](Self::register) sends.
    ///
    /// # Errors
    /// When the window is gone.
    pub fn fill_in(&self, invite: &str, login: &str, password: &str) -> anyhow::Result<()> {
        self.leave_sign_in(TABS_TO_REGISTER)?;
        self.click(entry::LINK)?;
        self.paste(invite)?;
        self.fill(&[login, password, password])
    }

    /// Fills in what signing in needs, on the first screen.
    ///
    /// # Errors
    /// When the window is gone.
    pub fn fill_in_sign_in(&self, invite: &str, login: &str, password: &str) -> anyhow::Result<()> {
        self.click(entry::LINK)?;
        self.paste(invite)?;
        self.fill(&[login, password])
    }

    /// Starts a class on the first screen, and waits for the dialog that says how others join.
    ///
    /// # Errors
    /// When it does not start.
    pub fn start_class(&self, name: &str, login: &str, password: &str) -> anyhow::Result<()> {
        self.leave_sign_in(TABS_TO_CLASS)?;
        self.click(entry::CLASS)?;
        self.letters(name)?;
        self.fill(&[login, password, password])?;
        self.press(&["Return"])?;
        self.until(&["whoami"], |me| me["login"] == login)?;
        self.rests()
    }

    /// Types into the boxes that follow the one with the caret.
    ///
    /// # Errors
    /// When the window is gone.
    pub fn fill(&self, words: &[&str]) -> anyhow::Result<()> {
        for word in words {
            self.press(&["Tab"])?;
            self.letters(word)?;
        }
        Ok(())
    }
}
