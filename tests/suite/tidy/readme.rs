//! The two READMEs are one text in two languages: same sections, same commands.

use super::Findings;

/// What must agree under one heading: its depth, and the commands shown there.
#[derive(Debug, Default, PartialEq, Eq)]
struct Section<'text> {
    depth: usize,
    commands: Vec<&'text str>,
}

pub(super) fn differences(english: &str, chinese: &str) -> Findings {
    let (english, chinese) = (sections(english), sections(chinese));
    if english.len() != chinese.len() {
        return vec![format!(
            "README: {} sections, README.zh-CN: {}",
            english.len(),
            chinese.len()
        )];
    }
    let pairs = english
        .iter()
        .zip(&chinese)
        .zip(1..)
        .filter(|((left, right), _)| left != right);
    pairs
        .map(|((left, right), number)| {
            format!("README section {number}: {left:?}, in Chinese {right:?}")
        })
        .collect()
}

/// Comments in code are prose, and translated; the rest of a code block is not.
fn sections(text: &str) -> Vec<Section<'_>> {
    let mut sections = vec![Section::default()];
    let mut in_code = false;
    for line in text.lines() {
        let depth = line
            .chars()
            .take_while(|character| *character == '#')
            .count();
        if line.starts_with("```") {
            in_code = !in_code;
        } else if in_code {
            let command = line.split(" #").next().unwrap_or_default().trim();
            let current = sections.last_mut().into_iter();
            current.for_each(|section| {
                section
                    .commands
                    .extend(Some(command).filter(|command| is_command(command)))
            });
        } else if depth > 0 {
            sections.push(Section {
                depth,
                commands: Vec::new(),
            });
        }
    }
    sections
}

fn is_command(line: &str) -> bool {
    !line.is_empty() && !line.starts_with('#')
}

#[cfg(test)]
mod tests {
    use super::*;

    const ENGLISH: &str = "# Hutong\n\n## Try it\n\n```\n# first\n./justw demo   # shows it\n```\n";
    const CHINESE: &str = "# 胡同\n\n## 试一试\n\n```\n# 先\n./justw demo   # 看看\n```\n";

    #[test]
    fn a_translation_differs_only_in_its_prose() {
        assert_eq!(differences(ENGLISH, CHINESE), Findings::new());
    }

    #[test]
    fn a_missing_section_another_depth_and_another_command_are_reported() {
        for (here, there) in [
            ("## 试一试\n", ""),
            ("## 试一试", "### 试一试"),
            ("demo", "test"),
        ] {
            assert_eq!(
                differences(ENGLISH, &CHINESE.replace(here, there)).len(),
                1,
                "{there}"
            );
        }
    }
}
