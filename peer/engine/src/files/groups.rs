//! A set of chunk groups: which parts of a file are verified, and which are still to be asked for.
//!
//! Used by part files and requests. Ranges are `start..end`, ascending, disjoint and not adjacent.

use super::GROUP_BYTES;
use bao_tree::{ChunkNum, ChunkRanges};
use hutong_common::limits::BAO_GROUP_LOG;

/// How many groups a file has; an empty file has one, which proves its size.
pub const fn count(size: u64) -> u64 {
    let groups = size.div_ceil(GROUP_BYTES);
    if groups == 0 { 1 } else { groups }
}

/// A set of groups.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Groups(Vec<(u64, u64)>);

impl Groups {
    /// The set of these ranges, if they are ascending, disjoint, not empty and below `count`.
    pub fn new(ranges: &[(u64, u64)], count: u64) -> Option<Self> {
        let mut groups = Self::default();
        let mut after = 0;
        for &(start, end) in ranges {
            if start < after || start >= end || end > count {
                return None;
            }
            groups.insert(start, end);
            after = end;
        }
        Some(groups)
    }

    /// The ranges, ascending.
    pub fn ranges(&self) -> &[(u64, u64)] {
        &self.0
    }

    /// Adds `start..end`.
    pub fn insert(&mut self, start: u64, end: u64) {
        if start >= end {
            return;
        }
        let first = self.0.partition_point(|range| range.1 < start);
        let last = self.0.partition_point(|range| range.0 <= end);
        let touched = self.0.get(first..last).unwrap_or_default();
        let merged = (
            touched.first().map_or(start, |range| range.0.min(start)),
            touched.last().map_or(end, |range| range.1.max(end)),
        );
        self.0.splice(first..last, [merged]);
    }

    /// What a file of `count` groups still lacks.
    pub fn missing(&self, count: u64) -> Self {
        let mut gaps = Vec::new();
        let mut at = 0;
        for &(start, end) in &self.0 {
            if at < start {
                gaps.push((at, start));
            }
            at = end;
        }
        if at < count {
            gaps.push((at, count));
        }
        Self(gaps)
    }

    /// Those of them that lie before the group `end`.
    pub fn below(&self, end: u64) -> Self {
        let cut = self.0.iter().map(|range| (range.0, range.1.min(end)));
        Self(cut.filter(|(start, end)| start < end).collect())
    }

    /// Bytes of a file of `size` bytes that lie in these groups.
    pub fn bytes(&self, size: u64) -> u64 {
        let place = |group: u64| group.saturating_mul(GROUP_BYTES).min(size);
        self.0
            .iter()
            .map(|&(start, end)| place(end) - place(start))
            .sum()
    }

    /// The same in chunks of 1 KiB, as the hash tree counts.
    pub fn chunks(&self) -> ChunkRanges {
        let chunk = |group: u64| ChunkNum(group.saturating_mul(1 << BAO_GROUP_LOG));
        self.0
            .iter()
            .map(|&(start, end)| ChunkRanges::from(chunk(start)..chunk(end)))
            .fold(ChunkRanges::empty(), |all, range| all | range)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use hutong_common::entropy::{Entropy, SeededEntropy};
    use std::collections::BTreeSet;

    #[test]
    fn a_set_of_groups_agrees_with_a_set_of_numbers() {
        let entropy: &mut dyn Entropy = &mut SeededEntropy::from_number(7);
        for _ in 0..300 {
            let (mut groups, mut model) = (Groups::default(), BTreeSet::new());
            for _ in 0..12 {
                let [start, len] = entropy.array::<2>().map(|byte| u64::from(byte % 24));
                groups.insert(start, start + len);
                model.extend(start..start + len);
            }
            let all = |groups: &Groups| -> Vec<u64> {
                groups.ranges().iter().flat_map(|&(a, b)| a..b).collect()
            };
            assert_eq!(all(&groups), model.iter().copied().collect::<Vec<_>>());
            assert!(groups.ranges().windows(2).all(|two| two[0].1 < two[1].0));
            let gaps: Vec<u64> = (0..48).filter(|group| !model.contains(group)).collect();
            assert_eq!(all(&groups.missing(48)), gaps);
            assert_eq!(Groups::new(groups.ranges(), 48), Some(groups.clone()));
            let below: Vec<u64> = model.range(..9).copied().collect();
            assert_eq!(all(&groups.below(9)), below);
            assert_eq!(groups.bytes(u64::MAX), model.len() as u64 * GROUP_BYTES);
        }
    }

    #[test]
    fn ranges_that_overlap_or_lie_beyond_the_file_are_no_set() {
        for bad in [
            &[(1, 1)][..],
            &[(2, 1)],
            &[(0, 5)],
            &[(0, 2), (1, 3)],
            &[(2, 3), (0, 1)],
        ] {
            assert_eq!(Groups::new(bad, 4), None, "{bad:?}");
        }
        assert!(Groups::new(&[(0, 2), (2, 4)], 4).is_some());
        assert_eq!(
            (
                count(0),
                count(1),
                count(GROUP_BYTES),
                count(GROUP_BYTES + 1)
            ),
            (1, 1, 1, 2)
        );
        assert_eq!(Groups(vec![(0, 2)]).bytes(GROUP_BYTES + 5), GROUP_BYTES + 5);
    }
}
