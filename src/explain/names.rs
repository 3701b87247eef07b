//! Names that patterns stand for, held against each other.
//!
//! A `*` at the beginning stands for any characters, one at least before a dot; elsewhere for those of one
//! label. So firewalls read them that filter by name, and so do the modules here. A `<placeholder>` stands
//! for any characters, too: only the customer knows which.

use std::collections::BTreeSet;

use super::touch::Extent;
use crate::catalogue::HostPattern;

/// Whether `held` stands for all names that `asked` stands for, for some of them, or for none.
#[must_use]
pub fn extent(asked: &HostPattern, held: &HostPattern) -> Option<Extent> {
    let (asked, held) = (Pattern::of(asked), Pattern::of(held));
    let alphabet: BTreeSet<u8> = asked
        .letters()
        .chain(held.letters())
        .chain([b'.', OTHER])
        .collect();
    let start = (asked.start(), held.start());
    let mut seen = BTreeSet::from([start.clone()]);
    let mut open = vec![start];
    let (mut some, mut all) = (false, true);
    while let Some((ours, theirs)) = open.pop() {
        if asked.ends(&ours) {
            some |= held.ends(&theirs);
            all &= held.ends(&theirs);
        }
        // Every way on leads to some name, which is none of theirs any more.
        if theirs.is_empty() {
            all = false;
            continue;
        }
        for letter in &alphabet {
            let next = (asked.next(&ours, *letter), held.next(&theirs, *letter));
            if !next.0.is_empty() && seen.insert(next.clone()) {
                open.push(next);
            }
        }
    }
    match (some, all) {
        (true, true) => Some(Extent::Whole),
        (true, false) => Some(Extent::Part),
        (false, _) => None,
    }
}

/// Stands for every character that neither pattern has.
const OTHER: u8 = b'?';

/// A pattern as steps from its beginning to its end.
struct Pattern(Vec<Step>);

#[derive(Clone, Copy)]
enum Step {
    Letter(u8),
    /// One character.
    One(Class),
    /// Any number of characters.
    Many(Class),
}

#[derive(Clone, Copy)]
enum Class {
    Any,
    /// All but a dot.
    Label,
}

impl Pattern {
    fn of(host: &HostPattern) -> Self {
        let text = host.as_str();
        let mut steps = Vec::with_capacity(text.len() + 1);
        let mut rest = text.bytes().enumerate();
        while let Some((index, byte)) = rest.next() {
            match byte {
                b'*' if index > 0 => {
                    steps.extend([Step::One(Class::Label), Step::Many(Class::Label)]);
                }
                b'*' if text.starts_with("*.") => {
                    steps.extend([Step::One(Class::Any), Step::Many(Class::Any)]);
                }
                b'*' => steps.push(Step::Many(Class::Any)),
                b'<' => {
                    rest.find(|(_, byte)| *byte == b'>');
                    steps.extend([Step::One(Class::Any), Step::Many(Class::Any)]);
                }
                letter => steps.push(Step::Letter(letter)),
            }
        }
        Self(steps)
    }

    fn letters(&self) -> impl Iterator<Item = u8> {
        self.0.iter().filter_map(|step| match step {
            Step::Letter(letter) => Some(*letter),
            Step::One(_) | Step::Many(_) => None,
        })
    }

    /// Where one stands before the first character: at each of these steps.
    fn start(&self) -> Vec<usize> {
        let mut places = Vec::new();
        self.stand(0, &mut places);
        places
    }

    /// Where one stands after `letter`.
    fn next(&self, places: &[usize], letter: u8) -> Vec<usize> {
        let mut next = Vec::new();
        for place in places {
            match self.0.get(*place) {
                Some(Step::Letter(own)) if *own == letter => self.stand(place + 1, &mut next),
                Some(Step::One(class)) if class.has(letter) => self.stand(place + 1, &mut next),
                Some(Step::Many(class)) if class.has(letter) => self.stand(*place, &mut next),
                _ => {}
            }
        }
        next.sort_unstable();
        next.dedup();
        next
    }

    /// Stands at `place`, and behind what may be skipped there.
    fn stand(&self, mut place: usize, places: &mut Vec<usize>) {
        places.push(place);
        while let Some(Step::Many(_)) = self.0.get(place) {
            place += 1;
            places.push(place);
        }
    }

    fn ends(&self, places: &[usize]) -> bool {
        places.contains(&self.0.len())
    }
}

impl Class {
    const fn has(self, letter: u8) -> bool {
        match self {
            Self::Any => true,
            Self::Label => letter != b'.',
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn host(text: &str) -> HostPattern {
        HostPattern::parse(text).unwrap_or_else(|why| panic!("{why}"))
    }

    #[test]
    fn names_and_patterns_meet_as_firewalls_read_them() {
        for (asked, held, found) in [
            ("aka.ms", "aka.ms", Some(Extent::Whole)),
            ("login.windows.net", "*.windows.net", Some(Extent::Whole)),
            ("a.b.windows.net", "*.windows.net", Some(Extent::Whole)),
            ("windows.net", "*.windows.net", None),
            ("badwindows.net", "*.windows.net", None),
            ("cdn.onenote.net", "*cdn.onenote.net", Some(Extent::Whole)),
            (
                "x.acdn.onenote.net",
                "*cdn.onenote.net",
                Some(Extent::Whole),
            ),
            (
                "autodiscover.a.onmicrosoft.com",
                "autodiscover.*.onmicrosoft.com",
                Some(Extent::Whole),
            ),
            (
                "autodiscover.a.b.onmicrosoft.com",
                "autodiscover.*.onmicrosoft.com",
                None,
            ),
            (
                "contoso.sharepoint.com",
                "<tenant>.sharepoint.com",
                Some(Extent::Whole),
            ),
            (
                "*.blob.core.windows.net",
                "*.windows.net",
                Some(Extent::Whole),
            ),
            (
                "*.windows.net",
                "*.blob.core.windows.net",
                Some(Extent::Part),
            ),
            ("*.windows.net", "login.windows.net", Some(Extent::Part)),
            ("*cdn.onenote.net", "*.onenote.net", Some(Extent::Whole)),
            ("*.onenote.net", "*cdn.onenote.net", Some(Extent::Part)),
            ("*.a.com", "*.b.com", None),
        ] {
            assert_eq!(
                extent(&host(asked), &host(held)),
                found,
                "{asked} in {held}"
            );
        }
    }

    /// Whether `pattern` stands for `name`, by trying everything.
    fn stands_for(pattern: &str, name: &str, at_start: bool) -> bool {
        let Some(first) = pattern.chars().next() else {
            return name.is_empty();
        };
        let rest = &pattern[1..];
        if first != '*' {
            return name.starts_with(first) && stands_for(rest, &name[1..], false);
        }
        let least = usize::from(!at_start || rest.starts_with('.'));
        (least..=name.len()).any(|end| {
            (at_start || !name[..end].contains('.')) && stands_for(rest, &name[end..], false)
        })
    }

    /// Every text of up to seven of these letters before `.a`.
    fn texts() -> Vec<String> {
        let mut texts = vec![String::new()];
        let mut last = texts.clone();
        for _ in 0..7 {
            last = last
                .iter()
                .flat_map(|text| ["a", "b", "."].map(|letter| format!("{text}{letter}")))
                .collect();
            texts.extend(last.clone());
        }
        texts.into_iter().map(|text| format!("{text}.a")).collect()
    }

    fn pattern() -> impl Strategy<Value = HostPattern> {
        let label = "\\*?[ab]{1,2}|[ab]\\*[ab]?|\\*";
        (proptest::option::of(label), label)
            .prop_map(|(first, second)| match first {
                Some(first) => format!("{first}.{second}.a"),
                None => format!("{second}.a"),
            })
            .prop_filter_map("a pattern", |text| HostPattern::parse(&text).ok())
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(200) })]

        #[test]
        fn patterns_meet_in_the_names_that_both_stand_for(asked in pattern(), held in pattern()) {
            let stands = |pattern: &HostPattern, name: &str| stands_for(pattern.as_str(), name, true);
            let names: Vec<String> = texts().into_iter().filter(|name| stands(&asked, name)).collect();
            let both = names.iter().filter(|name| stands(&held, name)).count();
            let expected = match both {
                0 => None,
                both if both == names.len() => Some(Extent::Whole),
                _ => Some(Extent::Part),
            };
            prop_assert_eq!(extent(&asked, &held), expected);
        }
    }
}
