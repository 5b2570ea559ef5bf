//! One pure way to make a foreign file name harmless: on every system, for disks and for screens alike.
//!
//! Used before a name is stored, shown or written. Cleaning a clean name changes nothing. Whether a name is that of a
//! program is told beside it; nothing is refused for it.

use hutong_common::limits::{FILE_EXTENSION_CHARS_MAX, FILE_NAME_BYTES_MAX, FILE_NAME_CHARS_MAX};
use hutong_common::name::is_deceptive;
use unicode_normalization::UnicodeNormalization;

/// The name of a file that is left without one.
const NAMELESS: &str = "file";
/// Names that Windows gives to devices, whatever their extension.
const DEVICES: &[&str] = &["CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$", "CLOCK$"];

/// Extensions of what a system may run, install or act upon when it is opened.
const PROGRAMS: &[&str] = &[
    "action",
    "apk",
    "app",
    "appimage",
    "appx",
    "application",
    "appref-ms",
    "bash",
    "bat",
    "bin",
    "chm",
    "cmd",
    "com",
    "command",
    "cpl",
    "csh",
    "deb",
    "desktop",
    "diagcab",
    "dll",
    "dmg",
    "docm",
    "dotm",
    "elf",
    "exe",
    "gadget",
    "hta",
    "img",
    "inf",
    "ins",
    "iso",
    "jar",
    "jnlp",
    "js",
    "jse",
    "lnk",
    "mobileconfig",
    "msc",
    "msh",
    "msi",
    "msix",
    "msp",
    "mst",
    "osx",
    "pif",
    "pkg",
    "potm",
    "ppam",
    "ppsm",
    "pptm",
    "ps1",
    "ps2",
    "psc1",
    "psm1",
    "py",
    "pyw",
    "rb",
    "reg",
    "rpm",
    "run",
    "scf",
    "scpt",
    "scr",
    "sct",
    "service",
    "settingcontent-ms",
    "sh",
    "shb",
    "sys",
    "terminal",
    "tool",
    "url",
    "vb",
    "vbe",
    "vbs",
    "vhd",
    "vhdx",
    "webloc",
    "workflow",
    "ws",
    "wsc",
    "wsf",
    "wsh",
    "xll",
    "xlam",
    "xlsm",
    "xltm",
    "zsh",
];

/// Whether opening a file of this clean name may run it, also when its letters only look like those of such an
/// extension (`ｅｘｅ`, `е` of Cyrillic) or another extension stands before it (`.pdf.exe`).
pub fn is_executable(name: &str) -> bool {
    let Some((_, extension)) = name.rsplit_once('.') else {
        return false;
    };
    let plain: String = extension
        .trim()
        .nfkc()
        .flat_map(char::to_lowercase)
        .map(as_latin)
        .collect();
    PROGRAMS.contains(&plain.as_str())
}

/// The Latin letter that a Cyrillic or Greek one looks like.
const fn as_latin(c: char) -> char {
    match c {
        'а' | 'α' => 'a',
        'в' | 'ь' => 'b',
        'с' | 'ϲ' => 'c',
        'ԁ' => 'd',
        'е' | 'ё' | 'ε' => 'e',
        'һ' => 'h',
        'і' | 'ι' | 'ı' => 'i',
        'ј' | 'ϳ' => 'j',
        'к' | 'κ' => 'k',
        'ӏ' => 'l',
        'м' => 'm',
        'о' | 'ο' => 'o',
        'р' | 'ρ' => 'p',
        'ѕ' => 's',
        'т' | 'τ' => 't',
        'ѵ' | 'ν' => 'v',
        'ѡ' | 'ω' => 'w',
        'х' | 'χ' => 'x',
        'у' | 'γ' => 'y',
        other => other,
    }
}

/// Whether people or systems read it as the end of a folder's or drive's name. The full-width colon is none: it is
/// punctuation of Chinese names (`作业：第一章.docx`), and no system gives it a meaning.
const fn is_separator(c: char) -> bool {
    matches!(
        c,
        '/' | '\\'
            | ':'
            | '\u{2044}'
            | '\u{2215}'
            | '\u{29f8}'
            | '\u{ff0f}'
            | '\u{2571}'
            | '\u{27cb}'
            | '\u{2216}'
            | '\u{29f5}'
            | '\u{29f9}'
            | '\u{fe68}'
            | '\u{ff3c}'
            | '\u{2572}'
            | '\u{27cd}'
            | '\u{2236}'
            | '\u{a789}'
            | '\u{fe55}'
            | '\u{fe13}'
    )
}

/// A name that writes nowhere but into its folder, and looks like what it is.
pub fn clean_name(name: &str) -> String {
    let mut clean = clean_once(name);
    loop {
        // Cutting and joining can make a new name of a device, or leave a space at an end: rare, and soon over,
        // because a pass that changes its own result makes it shorter or puts one `_` before it.
        let again = clean_once(&clean);
        if again == clean {
            return clean;
        }
        clean = again;
    }
}

fn clean_once(name: &str) -> String {
    let composed: String = name.nfc().filter(|c| !is_deceptive(*c)).nfc().collect();
    let last = composed.rsplit(is_separator).next().unwrap_or_default();
    let harmless: String = last
        .chars()
        .map(|c| {
            if matches!(c, '<' | '>' | '"' | '|' | '?' | '*') {
                '_'
            } else {
                c
            }
        })
        .collect();
    let trimmed = trim(&harmless);
    let named = if is_device(trimmed) {
        format!("_{trimmed}")
    } else {
        trimmed.to_owned()
    };
    let cut = cut(&named);
    if cut.is_empty() {
        NAMELESS.to_owned()
    } else {
        cut
    }
}

fn trim(name: &str) -> &str {
    name.trim_matches(|c: char| c == '.' || c.is_whitespace())
}

/// Windows opens a device for `nul`, `nul.txt`, `nul .txt` and `COM¹` alike.
fn is_device(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or_default().trim_end();
    let plain: String = stem
        .chars()
        .map(|c| match c {
            '¹' => '1',
            '²' => '2',
            '³' => '3',
            other => other.to_ascii_uppercase(),
        })
        .collect();
    let port = plain
        .strip_prefix("COM")
        .or_else(|| plain.strip_prefix("LPT"));
    let is_port =
        port.is_some_and(|number| number.len() == 1 && number.bytes().all(|b| b.is_ascii_digit()));
    is_port || DEVICES.contains(&plain.as_str())
}

/// Stem and extension with its dot; an extension is short and has no space.
fn split(name: &str) -> (&str, &str) {
    let is_extension = |extension: &str| {
        !extension.is_empty()
            && extension.chars().count() <= FILE_EXTENSION_CHARS_MAX
            && !extension.contains(char::is_whitespace)
    };
    match name.rfind('.') {
        Some(dot) if dot > 0 && is_extension(&name[dot + 1..]) => name.split_at(dot),
        Some(_) | None => (name, ""),
    }
}

fn cut(name: &str) -> String {
    let (stem, extension) = split(name);
    let chars = FILE_NAME_CHARS_MAX - extension.chars().count();
    let bytes = FILE_NAME_BYTES_MAX - extension.len();
    if stem.chars().count() <= chars && stem.len() <= bytes {
        return name.to_owned();
    }
    let end = stem
        .char_indices()
        .take(chars)
        .map(|(at, c)| at + c.len_utf8())
        .take_while(|end| *end <= bytes)
        .last();
    let kept = stem.get(..end.unwrap_or(0)).unwrap_or_default();
    format!("{}{extension}", trim(kept))
}

/// The name to try at the given attempt, from 1: `a.txt`, `a (2).txt`, `a (3).txt`…
pub fn numbered(name: &str, attempt: u32) -> String {
    if attempt <= 1 {
        return name.to_owned();
    }
    let (stem, extension) = split(name);
    format!("{stem} ({attempt}){extension}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use hutong_common::entropy::{Entropy, SeededEntropy};

    const TABLE: &[(&str, &str)] = &[
        ("b.bin", "b.bin"),
        ("期末 复习.pdf", "期末 复习.pdf"),
        ("photo.final.JPG", "photo.final.JPG"),
        (".bashrc", "bashrc"),
        ("archive.tar.gz", "archive.tar.gz"),
        // Other folders.
        ("../../etc/passwd", "passwd"),
        ("..\\..\\boot.ini", "boot.ini"),
        ("C:\\x\\evil.exe", "evil.exe"),
        ("C:evil.exe", "evil.exe"),
        ("a.txt:stream", "stream"),
        ("\\\\server\\share\\a", "a"),
        ("a\u{2215}b", "b"),
        ("a\u{2044}b", "b"),
        ("a／b", "b"),
        ("a＼b", "b"),
        ("a\u{29f8}b", "b"),
        ("a\u{2236}b", "b"),
        ("作业：第一章.docx", "作业：第一章.docx"),
        ("a\u{a789}b", "b"),
        ("dir/", "file"),
        ("/", "file"),
        // Nothing left.
        ("", "file"),
        (".", "file"),
        ("..", "file"),
        ("...", "file"),
        ("   ", "file"),
        (". . .", "file"),
        ("\u{200b}\u{200d}", "file"),
        ("\u{3000}", "file"),
        // What cannot be seen.
        ("invoice\u{202e}fdp.exe", "invoicefdp.exe"),
        ("a\u{200b}b\u{feff}.txt", "ab.txt"),
        ("a\nb\r\t\0.txt", "ab.txt"),
        ("\u{1b}[31mred\u{7}", "[31mred"),
        ("a\u{2066}b\u{2069}", "ab"),
        ("a\u{e0041}b", "ab"),
        // What disks do not take.
        ("<a>|\"b\"?*.txt", "_a___b___.txt"),
        ("name.", "name"),
        ("name. . .", "name"),
        (" name ", "name"),
        ("name\u{a0}", "name"),
        // Devices of Windows.
        ("CON", "_CON"),
        ("con", "_con"),
        ("con.txt", "_con.txt"),
        ("Con .txt", "_Con .txt"),
        ("aux.tar.gz", "_aux.tar.gz"),
        ("NUL", "_NUL"),
        ("prn.", "_prn"),
        ("com1", "_com1"),
        ("com1 .txt", "_com1 .txt"),
        ("COM¹", "_COM¹"),
        ("lpt³.pdf", "_lpt³.pdf"),
        ("COM0", "_COM0"),
        ("CONIN$", "_CONIN$"),
        ("C\u{200b}ON", "_CON"),
        ("x/..con", "_con"),
        ("com10", "com10"),
        ("com", "com"),
        ("console", "console"),
        ("_CON", "_CON"),
        // One form of each letter.
        ("cafe\u{301}.txt", "caf\u{e9}.txt"),
        ("e\u{200b}\u{301}", "\u{e9}"),
    ];

    #[test]
    fn every_name_of_the_table_is_cleaned_as_written() {
        for (name, clean) in TABLE {
            assert_eq!(&clean_name(name), clean, "{name:?}");
        }
    }

    #[test]
    fn a_long_name_is_cut_at_a_character_and_keeps_its_extension() {
        let chinese = format!("{}.docx", "长".repeat(100));
        assert_eq!(clean_name(&chinese), format!("{}.docx", "长".repeat(65)));
        let latin = format!("{}.tar.gz", "a".repeat(300));
        assert_eq!(clean_name(&latin), format!("{}.gz", "a".repeat(117)));
        let no_extension = format!("{}.{}", "a".repeat(50), "b".repeat(300));
        assert_eq!(
            clean_name(&no_extension).chars().count(),
            FILE_NAME_CHARS_MAX
        );
        let ends_in_spaces = format!("{}{}.txt", "a".repeat(110), " ".repeat(50));
        assert_eq!(
            clean_name(&ends_in_spaces),
            format!("{}.txt", "a".repeat(110))
        );
        let emoji = format!("{}.png", "😀".repeat(60));
        assert_eq!(clean_name(&emoji), format!("{}.png", "😀".repeat(49)));
    }

    #[test]
    fn whatever_comes_in_what_comes_out_is_clean_and_stays_so() {
        let alphabet: Vec<char> = "aZ09.. /\\:<>|\"?* \t\u{202e}\u{200b}\u{301}\u{338}é长😀¹conCOMnulNUL$()_-\u{3000}／：\u{a0}\u{0}"
            .chars()
            .collect();
        let entropy: &mut dyn Entropy = &mut SeededEntropy::from_number(3);
        for round in 0..4_000 {
            let len = usize::from(entropy.array::<1>()[0]) % if round % 10 == 0 { 250 } else { 9 };
            let name: String = (0..len)
                .map(|_| alphabet[usize::from(entropy.array::<1>()[0]) % alphabet.len()])
                .collect();
            let clean = clean_name(&name);
            assert_eq!(clean_name(&clean), clean, "{name:?}");
            assert!(
                !clean.is_empty() && clean.len() <= FILE_NAME_BYTES_MAX,
                "{name:?}"
            );
            assert!(clean.chars().count() <= FILE_NAME_CHARS_MAX, "{name:?}");
            assert!(
                !clean.contains(|c| is_separator(c) || is_deceptive(c)),
                "{name:?}"
            );
            assert!(
                !clean.starts_with(['.', ' ']) && !clean.ends_with(['.', ' ']),
                "{name:?}"
            );
            assert!(!is_device(&clean), "{name:?}");
        }
    }

    #[test]
    fn a_program_is_known_by_its_extension_whatever_stands_before_it() {
        for name in [
            "setup.exe",
            "发票.pdf.EXE",
            "photo.jpg .scr",
            "x.ｅｘｅ",
            "x.ехе",
            "x.ѕсr",
            "run.sh",
            "表格.xlsm",
            "a.lnk",
        ] {
            assert!(is_executable(name), "{name}");
        }
        for name in [
            "exe",
            "a.pdf",
            "b",
            "exe.txt",
            "毕业 晚会.mp4",
            "a.",
            "x.exe.zip",
        ] {
            assert!(!is_executable(name), "{name}");
        }
    }

    #[test]
    fn a_taken_name_gets_a_number_before_its_extension() {
        assert_eq!(numbered("a.txt", 1), "a.txt");
        assert_eq!(numbered("a.txt", 2), "a (2).txt");
        assert_eq!(numbered("报告", 3), "报告 (3)");
        assert_eq!(numbered("v1. 草稿", 2), "v1. 草稿 (2)");
    }
}
