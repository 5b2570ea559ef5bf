//! The cells: what each kind of caller is answered. There is no wildcard, so a new request needs its row here first, and
//! a sample that makes it: one about nobody else is `signed_in("yes")`, one about an account is `about([…])`.

use super::stage::WHO;
use hutong_common::rpc::Request;
use hutong_common::rpc::doctor::CheckAsk;

/// One cell for each of [`WHO`].
pub(super) type Row = [&'static str; WHO.len()];

/// A request about the target: what it itself, a contact, a stranger, one whom it blocks, one who blocks it and a
/// former contact are answered. A seat in time, and a session on which another password was proved, are contacts like
/// others; the rest is not signed in.
const fn about(relations: [&'static str; 6]) -> Row {
    let [own, contact, stranger, blocked, blocks, former] = relations;
    [
        own,
        contact,
        stranger,
        blocked,
        blocks,
        former,
        contact,
        "no: expired",
        "no: not_signed_in",
        contact,
        "no: not_signed_in",
    ]
}

/// A request about nobody else: the same for all who are signed in.
const fn signed_in(answer: &'static str) -> Row {
    about([answer; 6])
}

/// A request that begins a session: no more for those who have one, then for a device that signed out and for nobody.
const fn begins(revoked: &'static str, nobody: &'static str) -> Row {
    let has = "no: already_done";
    [has, has, has, has, has, has, has, has, revoked, has, nobody]
}

/// What only contacts and they themselves are told.
const fn only_to_contacts(no: &'static str) -> Row {
    about(["yes", "yes", no, no, no, no])
}

/// What keeps any connection, for the few requests that one without a session has.
const fn of_any_connection() -> Row {
    let mut row = signed_in("yes");
    (row[8], row[10]) = ("yes", "yes");
    row
}

const DONE: &str = "no: already_done";

/// What this request is answered.
pub(super) fn expected(request: &Request, label: &str) -> Row {
    match request {
        Request::Ping => of_any_connection(),
        Request::RegisterStart(_) if label.is_empty() => begins(DONE, "yes"),
        Request::RegisterStart(_) | Request::ResetStart(_) => begins(DONE, "no: name_taken"),
        Request::RegisterFinish(_) => begins(DONE, "no: malformed"),
        Request::SignInStart(_)
        | Request::SignInFinish(_)
        | Request::Enrol(_)
        | Request::Resume { .. } => entering(request, label),
        Request::PasswordStart(_) if label.starts_with("after") => signed_in("yes"),
        Request::PasswordStart(_) | Request::PasswordFinish(_) => signed_in("no: password_needed"),
        Request::SignOut
        | Request::SetProfile(_)
        | Request::FriendRequests
        | Request::ReportCandidates(_)
        | Request::Mail(_)
        | Request::AckMail(_)
        | Request::Receipts(_)
        | Request::Devices
        | Request::SetAway(_)
        | Request::Details(None)
        | Request::SetAvatar(_)
        | Request::CreateGroup(_)
        | Request::Groups
        | Request::FindGroup(_)
        | Request::JoinByCode(_)
        | Request::GroupRequests
        | Request::Post(_) => signed_in("yes"),
        Request::LeaveGroup(_)
        | Request::ApplyToGroup(_)
        | Request::InviteToGroup(_)
        | Request::GroupPicture(_)
        | Request::AnswerGroup(_)
        | Request::Sheet(_)
        | Request::ChangeGroup(_)
        | Request::DissolveGroup(_)
        | Request::SendGroupMail(_)
        | Request::GroupCode(_)
        | Request::Attendance(_)
        | Request::Hand(_)
        | Request::Hands(_) => of_their_group(request),
        Request::Details(Some(_)) | Request::Avatar(_) => only_to_contacts("no: not_found"),
        Request::RemoveDevice(_) => removing(label),
        Request::Find(_)
        | Request::Whois(_)
        | Request::CanAdd(_)
        | Request::RequestFriend(_)
        | Request::AnswerFriend(_)
        | Request::RemoveFriend(_)
        | Request::Block(_)
        | Request::Unblock(_)
        | Request::Contacts { .. }
        | Request::Contact(_)
        | Request::ContactsOf(_)
        | Request::Introduce(_)
        | Request::RelayOpen(_)
        | Request::SendMail(_) => relations(request),
        Request::Check(ask) => of_checks(*ask),
    }
}

/// A group that the target owns alone: who is not in it is nothing to it, whatever he is to the target. What members may
/// is in [`super::groups`].
const fn in_their_group(own: &'static str, others: &'static str) -> Row {
    about([own, others, others, others, others, others])
}

const OUTSIDE: &str = "no: not_member";

/// What is asked about that group.
fn of_their_group(request: &Request) -> Row {
    if let Request::LeaveGroup(_) = request {
        return in_their_group("no: not_allowed", OUTSIDE);
    }
    if let Request::ApplyToGroup(_) = request {
        return in_their_group("no: already_done", "yes");
    }
    if let Request::InviteToGroup(_) | Request::GroupPicture(_) = request {
        return in_their_group("no: not_found", OUTSIDE);
    }
    if let Request::AnswerGroup(_) = request {
        return in_their_group("yes", "no: not_found");
    }
    in_their_group("yes", OUTSIDE)
}

/// Coming in: with a password, or as a known device.
fn entering(request: &Request, label: &str) -> Row {
    if let Request::SignInStart(_) = request {
        let mut row = signed_in("yes");
        (row[8], row[10]) = ("yes", "yes");
        return row;
    }
    if let Request::SignInFinish(_) = request {
        let wrong = "no: wrong_login_or_password";
        let (own, other) = if label.contains("wrong") {
            (wrong, wrong)
        } else {
            ("yes", "no: not_allowed")
        };
        let mut row = about([own, other, other, other, other, other]);
        (row[8], row[10]) = (own, own);
        return row;
    }
    if let Request::Enrol(_) = request {
        return begins("no: password_needed", "no: password_needed");
    }
    if label.is_empty() {
        return begins("no: not_signed_in", "no: not_signed_in");
    }
    let mut row = signed_in("yes");
    row[7] = "no: expired";
    row
}

/// Devices are removed by whoever has just typed the password of their account, signed in or not.
fn removing(label: &str) -> Row {
    let (needs, not_found) = ("no: password_needed", "no: not_found");
    if label == "of theirs, without a password" {
        let mut row = signed_in(needs);
        (row[8], row[10]) = (needs, needs);
        return row;
    }
    let mut row = if label == "of theirs, after the own password" {
        about([
            "no: not_allowed",
            not_found,
            not_found,
            not_found,
            not_found,
            not_found,
        ])
    } else {
        signed_in("yes")
    };
    (row[8], row[10]) = (row[1], needs);
    row
}

fn of_checks(ask: CheckAsk) -> Row {
    match ask {
        CheckAsk::Udp => signed_in("yes"),
        CheckAsk::Path(account) => relations(&Request::Introduce(account)),
        CheckAsk::Report(_) => signed_in("no: not_found"),
    }
}

/// What depends on what the two are to each other.
fn relations(request: &Request) -> Row {
    const NOT_FOUND: &str = "no: not_found";
    const NOT_ALLOWED: &str = "no: not_allowed";
    const ONLY_CONTACTS: Row =
        about([NOT_FOUND, "yes", NOT_FOUND, NOT_FOUND, NOT_FOUND, NOT_FOUND]);
    if let Request::Find(_) = request {
        return about(["yes", "yes", "yes", NOT_FOUND, "yes", "yes"]);
    }
    if let Request::Whois(_) = request {
        return about(["yes", "yes", NOT_FOUND, NOT_FOUND, "yes", NOT_FOUND]);
    }
    if let Request::CanAdd(_) = request {
        return about([
            "no: Own",
            "no: AlreadyFriends",
            "yes",
            NOT_FOUND,
            "no: Blocked",
            "yes",
        ]);
    }
    if let Request::RequestFriend(_) = request {
        let done = "no: already_done";
        return about([NOT_ALLOWED, done, "yes", NOT_FOUND, NOT_ALLOWED, "yes"]);
    }
    if let Request::AnswerFriend(_) = request {
        return about(["yes", NOT_FOUND, NOT_FOUND, NOT_FOUND, NOT_FOUND, NOT_FOUND]);
    }
    if let Request::RemoveFriend(_) = request {
        return about([NOT_FOUND, "yes", NOT_FOUND, NOT_FOUND, "yes", NOT_FOUND]);
    }
    if let Request::Block(_) = request {
        return about([NOT_ALLOWED, "yes", "yes", "yes", "yes", "yes"]);
    }
    if let Request::Unblock(_) = request {
        return about([NOT_FOUND, NOT_FOUND, NOT_FOUND, NOT_FOUND, "yes", NOT_FOUND]);
    }
    if let Request::Contacts { .. } | Request::ContactsOf(_) = request {
        let without = "yes, without them";
        return about([
            without,
            "yes, with them",
            without,
            without,
            without,
            without,
        ]);
    }
    if let Request::SendMail(_) = request {
        let no = "no: not_contacts";
        return about(["yes", "yes", no, no, no, no]);
    }
    ONLY_CONTACTS
}
