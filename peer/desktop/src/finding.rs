//! Whether somebody who types this means that: as it is written, or in pinyin, whole or by initials, begun or finished.
//!
//! A Chinese character is met by itself, by any of its readings, or by the first letter of one, and each in its own way:
//! `xiaom`, `xm` and `xming` all mean 小明. Pure; time grows with both lengths only.

use pinyin::ToPinyinMulti;

/// Whether `text` has a place where `wanted` begins; blanks and case do not count, and nothing finds everything.
pub fn finds(text: &str, wanted: &str) -> bool {
    let wanted: Vec<char> = plain(wanted).collect();
    if wanted.is_empty() {
        return true;
    }
    // For each number of typed letters whether they can have been met by now; a name may be met from any of its characters.
    let mut met = vec![false; wanted.len()];
    for letter in plain(text) {
        met[0] = true;
        let mut next = vec![false; wanted.len()];
        for at in (0..wanted.len()).filter(|at| met[*at]) {
            let Some(rest) = wanted.get(at..) else {
                continue;
            };
            for length in steps(letter, rest) {
                if length == rest.len() {
                    return true;
                }
                next[at + length] = true;
            }
        }
        met = next;
    }
    false
}

fn plain(text: &str) -> impl Iterator<Item = char> {
    let letters = text.chars().filter(|letter| !letter.is_whitespace());
    letters.flat_map(char::to_lowercase)
}

/// How many of the typed letters this character takes up; several ways are possible.
fn steps(letter: char, typed: &[char]) -> Vec<usize> {
    let itself = (typed.first() == Some(&letter)).then_some(1);
    let readings = letter.to_pinyin_multi().into_iter().flatten();
    let by_sound = readings.flat_map(|reading| {
        let sound: Vec<char> = reading.plain().chars().map(as_typed).collect();
        let same = sound
            .iter()
            .zip(typed)
            .take_while(|(one, other)| one == other);
        let same = same.count();
        let whole = (same > 0 && (same == sound.len() || same == typed.len())).then_some(same);
        let initial = (same > 0).then_some(1);
        whole.into_iter().chain(initial)
    });
    itself.into_iter().chain(by_sound).collect()
}

/// Keyboards have no ü.
fn as_typed(letter: char) -> char {
    if letter == 'ü' { 'v' } else { letter }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_found_as_it_is_written_by_its_sound_and_by_its_initials() {
        let typed = [
            "",
            "王",
            "小",
            "小明",
            "明",
            "wang",
            "wangx",
            "WangXiaoMing",
            "wxm",
            "wx",
            "xm",
            "xiaoming",
            "xiao ming",
            "wangxm",
            "wxiaom",
            "王xm",
            "w",
            "m",
        ];
        for wanted in typed {
            assert!(finds("王小明", wanted), "{wanted}");
        }
        for wanted in ["wm", "minga", "xw", "ang", "王明", "z", "wxmx"] {
            assert!(!finds("王小明", wanted), "{wanted}");
        }
    }

    #[test]
    fn a_character_of_several_readings_is_found_by_each() {
        for wanted in ["zeng", "ceng", "zl", "zenglv", "nv"] {
            assert!(
                finds("曾绿女", wanted) || finds("曾律女", wanted),
                "{wanted}"
            );
        }
        assert!(finds("重庆", "cq") && finds("重庆", "chongqing") && finds("重庆", "zhong"));
    }

    #[test]
    fn names_of_other_scripts_are_found_as_they_are_written() {
        assert!(
            finds("Alice Smith", "alice")
                && finds("Alice Smith", "ESM")
                && finds("爱丽丝Alice", "sial")
        );
        assert!(!finds("Alice Smith", "as") && !finds("", "a") && finds("", " "));
        assert!(finds("Ünal 😀", "ün") && finds("Ünal 😀", "😀"));
    }
}
