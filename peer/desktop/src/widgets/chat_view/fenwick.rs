//! Heights of all rows with their sums: any height changes and any sum is found in logarithmic time (a Fenwick tree).

/// A list of heights.
#[derive(Clone, Debug, Default)]
pub(super) struct Heights {
    each: Vec<f64>,
    /// `sums[i - 1]` is the sum of the `lowest bit of i` heights that end before `i`.
    sums: Vec<f64>,
}

fn lowest_bit(i: usize) -> usize {
    i & i.wrapping_neg()
}

impl Heights {
    pub(super) fn new(each: Vec<f64>) -> Self {
        let mut sums = each.clone();
        for i in 1..=sums.len() {
            let above = i + lowest_bit(i);
            if above <= sums.len() {
                sums[above - 1] += sums[i - 1];
            }
        }
        Self { each, sums }
    }

    pub(super) fn len(&self) -> usize {
        self.each.len()
    }

    /// All of them, in order.
    pub(super) fn into_vec(self) -> Vec<f64> {
        self.each
    }

    /// One height; nothing beyond the end.
    pub(super) fn get(&self, index: usize) -> f64 {
        self.each.get(index).copied().unwrap_or_default()
    }

    pub(super) fn set(&mut self, index: usize, height: f64) {
        let Some(each) = self.each.get_mut(index) else {
            return;
        };
        let more = height - *each;
        *each = height;
        let mut i = index + 1;
        while let Some(sum) = self.sums.get_mut(i - 1) {
            *sum += more;
            i += lowest_bit(i);
        }
    }

    pub(super) fn push(&mut self, height: f64) {
        let i = self.each.len() + 1;
        let below = self.above(i - 1) - self.above(i - lowest_bit(i));
        self.each.push(height);
        self.sums.push(below + height);
    }

    /// The sum of all before `index`: where that row begins.
    pub(super) fn above(&self, index: usize) -> f64 {
        let mut i = index.min(self.len());
        let mut sum = 0.0;
        while i > 0 {
            sum += self.sums[i - 1];
            i -= lowest_bit(i);
        }
        sum
    }

    pub(super) fn total(&self) -> f64 {
        self.above(self.len())
    }

    /// The row in which `y` lies: the first before the beginning, the last beyond the end.
    pub(super) fn at(&self, y: f64) -> usize {
        let (mut index, mut rest) = (0, y);
        let mut step = (self.len() + 1).next_power_of_two();
        while step > 0 {
            match self.sums.get((index + step).wrapping_sub(1)) {
                Some(sum) if *sum <= rest => {
                    index += step;
                    rest -= sum;
                }
                _ => {}
            }
            step /= 2;
        }
        index.min(self.len().saturating_sub(1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Numbers that look random and are the same in each run.
    struct Dice(u64);

    impl Dice {
        fn below(&mut self, n: u64) -> u64 {
            self.0 = self
                .0
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            (self.0 >> 33) % n
        }

        fn height(&mut self) -> f64 {
            self.below(300) as f64
        }
    }

    #[test]
    fn it_does_what_a_plain_list_does() {
        let mut dice = Dice(7);
        let mut plain: Vec<f64> = (0..37).map(|_| dice.height()).collect();
        let mut heights = Heights::new(plain.clone());
        for _ in 0..2_000 {
            match dice.below(3) {
                0 => {
                    let height = dice.height();
                    plain.push(height);
                    heights.push(height);
                }
                1 => {
                    let (index, height) = (dice.below(plain.len() as u64) as usize, dice.height());
                    plain[index] = height;
                    heights.set(index, height);
                }
                _ => {
                    let index = dice.below(plain.len() as u64 + 1) as usize;
                    assert_eq!(heights.above(index), plain[..index].iter().sum::<f64>());
                    let y = dice.below(heights.total() as u64 + 100) as f64;
                    let mut bottom = 0.0;
                    let row = plain.iter().position(|height| {
                        bottom += height;
                        y < bottom
                    });
                    assert_eq!(heights.at(y), row.unwrap_or(plain.len() - 1), "{y}");
                }
            }
        }
        assert_eq!(heights.len(), plain.len());
        assert_eq!(heights.into_vec(), plain);
    }

    #[test]
    fn an_empty_list_has_no_height() {
        let mut heights = Heights::default();
        assert_eq!(
            (heights.total(), heights.at(5.0), heights.get(0)),
            (0.0, 0, 0.0)
        );
        heights.set(0, 9.0);
        heights.push(4.0);
        assert_eq!(
            (heights.total(), heights.at(-1.0), heights.at(9.0)),
            (4.0, 0, 0)
        );
    }
}
