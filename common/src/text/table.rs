//! Columns that line up, also when half of the cells are Chinese.
//!
//! Used by every program that lists something. Widths are those of a terminal: a Chinese character takes two cells, a
//! combining one none.

use unicode_width::UnicodeWidthStr;

/// A table as text, two spaces between columns; nothing behind the last one.
pub fn table(head: &[String], rows: &[Vec<String>]) -> String {
    let widths: Vec<usize> = (0..head.len())
        .map(|column| {
            let cells = rows
                .iter()
                .filter_map(|row| row.get(column))
                .chain(head.get(column));
            cells.map(|cell| cell.width()).max().unwrap_or_default()
        })
        .collect();
    let mut text = line(head, &widths);
    for row in rows {
        text.push('\n');
        text.push_str(&line(row, &widths));
    }
    text
}

fn line(cells: &[String], widths: &[usize]) -> String {
    let mut text = String::new();
    for (cell, width) in cells.iter().zip(widths) {
        text.push_str(cell);
        text.push_str(&" ".repeat(width.saturating_sub(cell.width()) + 2));
    }
    text.truncate(text.trim_end().len());
    text
}

/// A table for spreadsheets: UTF-8 with the mark by which they know it, commas, and lines with both ends.
pub fn csv(head: &[String], rows: &[Vec<String>]) -> String {
    let mut text = String::from("\u{feff}");
    for row in std::iter::once(head).chain(rows.iter().map(Vec::as_slice)) {
        let cells: Vec<String> = row.iter().map(|text| cell(text)).collect();
        text.push_str(&cells.join(","));
        text.push_str("\r\n");
    }
    text
}

/// A text in quotes where it must be. What a spreadsheet would take for a formula gets an apostrophe before it: people
/// choose their names themselves.
fn cell(text: &str) -> String {
    let is_formula = text.starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠', '\t', '\r']);
    let text = if is_formula {
        format!("'{text}")
    } else {
        text.to_owned()
    };
    if text.contains([',', '"', '\n', '\r']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_line_up_with_chinese_cells() {
        let row = |cells: [&str; 3]| cells.map(str::to_owned).to_vec();
        let shown = table(
            &row(["登录名", "NAME", "S"]),
            &[row(["alice", "爱丽丝", "x"]), row(["王小明", "B", "y"])],
        );
        assert_eq!(
            shown,
            "登录名  NAME    S\nalice   爱丽丝  x\n王小明  B       y"
        );
        let starts: Vec<usize> = shown
            .lines()
            .map(|line| line[..line.len() - 1].width())
            .collect();
        assert_eq!(starts, [16, 16, 16]);
    }
}
