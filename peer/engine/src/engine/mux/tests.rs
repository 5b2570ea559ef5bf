//! Sockets of loopback, with a relay between them that only copies.
