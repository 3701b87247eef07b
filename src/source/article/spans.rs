//! Parts of a text, found without going through all of them: a cell may hold as many as it has words.

use std::ops::Range;

/// Where in a text something stands.
#[derive(Debug, Default)]
pub struct Spans {
    /// By where they begin.
    spans: Vec<Range<usize>>,
    /// How far each, or one before it, reaches.
    furthest: Vec<usize>,
}

impl Spans {
    #[must_use]
    pub fn new(mut spans: Vec<Range<usize>>) -> Self {
        spans.sort_unstable_by_key(|span| (span.start, span.end));
        let furthest = spans.iter().scan(0, |furthest, span| {
            *furthest = span.end.max(*furthest);
            Some(*furthest)
        });
        Self {
            furthest: furthest.collect(),
            spans,
        }
    }

    /// Whether one of them holds all of `part`.
    #[must_use]
    pub fn hold(&self, part: &Range<usize>) -> bool {
        let begun = self.spans.partition_point(|span| span.start <= part.start);
        let furthest = begun.checked_sub(1).map(|last| self.furthest[last]);
        furthest.is_some_and(|end| part.end <= end)
    }

    /// Those that begin within `part`, in their order.
    pub fn within(&self, part: &Range<usize>) -> impl Iterator<Item = &Range<usize>> {
        let end = part.end;
        let first = self.spans.partition_point(|span| span.start < part.start);
        self.spans[first..]
            .iter()
            .take_while(move |span| span.start < end)
    }
}
