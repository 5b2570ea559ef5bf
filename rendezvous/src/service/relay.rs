//! Who may have a relayed session with whom.

use super::people::Standing;
use super::{Answer, Caller, Context, Service};
use hutong_common::refusal::Refusal;
use hutong_common::rpc::relay::RelayAsk;

impl Service {
    pub(super) fn relay_open(caller: &Caller, ask: RelayAsk, cx: &mut Context<'_>) -> Answer {
        let own = caller.signed_in()?;
        if !Standing::of(cx.tx, own.account, ask.account)?.is_known() {
            return Err(Refusal::NotFound.into());
        }
        Err(Refusal::RelayUnavailable.into())
    }
}
