//! MD5 as the original program sent passwords: lower-case hexadecimal of the digest.
//!
//! Called by `opaque.rs`, which feeds it into a password-authenticated key exchange where it neither adds strength nor
//! takes any, and by the importer of old databases. The only file that names the `md-5` crate: MD5 is broken, and no
//! promise may rest on it.

use data_encoding::HEXLOWER;
use md5::{Digest, Md5};

/// The 32 hexadecimal digits of the MD5 of `bytes`.
pub fn md5_hex(bytes: &[u8]) -> String {
    HEXLOWER.encode(&Md5::digest(bytes))
}

#[cfg(test)]
mod tests {
    use super::md5_hex;

    #[test]
    fn the_vectors_of_rfc_1321_hold() {
        let vectors = [
            ("", "d41d8cd98f00b204e9800998ecf8427e"),
            // The password of everybody in the original report.
            ("123456", "e10adc3949ba59abbe56e057f20f883e"),
            ("a", "0cc175b9c0f1b6a831c399e269772661"),
            ("abc", "900150983cd24fb0d6963f7d28e17f72"),
            ("message digest", "f96b697d7cb7938d525a2f31aaf161d0"),
            (
                "abcdefghijklmnopqrstuvwxyz",
                "c3fcd3d76192e4007dfb496cca67e13b",
            ),
            (
                "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789",
                "d174ab98d277d9f5a5611c2c9f419d9f",
            ),
            (
                "12345678901234567890123456789012345678901234567890123456789012345678901234567890",
                "57edf4a22be3c955ac49da2e2107b67a",
            ),
        ];
        for (text, digest) in vectors {
            assert_eq!(md5_hex(text.as_bytes()), digest, "{text:?}");
        }
    }
}
