//! Which endpoint set each row of the article is about.

use super::endpoint::{Value, values};
use super::facts::RowFacts;
use super::marks::{MARKS, Marks};
use super::scan::Found;
use crate::catalogue::{Basis, Catalogue, EndpointSet, Remote, SetKey};

/// What a known endpoint in a row counts, and a mark.
const ENDPOINT: usize = 4;
const MARK: usize = 2;

/// More endpoints than these say nothing more.
const MOST_ENDPOINTS: usize = 4;

/// Less than this and a row is not about a set: two marks, or an endpoint. A set whose row has never stated what
/// to open is known by one mark.
const LEAST: usize = 4;
const LEAST_WITHOUT_ENDPOINTS: usize = 2;

/// For each row the set of `known` that it is about, if it is about one.
///
/// Editions keep the order of their rows and leave some out, so first the sets are laid along the rows in order,
/// as much alike in all as can be; then what is left of both is paired, the most alike first, since rows may move.
#[must_use]
pub fn identify<'a>(rows: &[RowFacts], known: &'a Catalogue) -> Vec<Option<&'a EndpointSet>> {
    let scores: Vec<Vec<usize>> = rows.iter().map(|row| scores(row, &known.sets)).collect();
    let mut found = in_order(&scores, known.sets.len());
    let mut left: Vec<(usize, usize, usize)> = Vec::new();
    for (at, scores) in scores.iter().enumerate() {
        for (place, score) in scores.iter().enumerate() {
            let is_free = found[at].is_none() && !found.contains(&Some(place));
            if is_free && *score >= LEAST {
                left.push((*score, at, place));
            }
        }
    }
    left.sort_unstable_by_key(|(score, at, place)| (std::cmp::Reverse(*score), *at, *place));
    for (_, at, place) in left {
        if found[at].is_none() && !found.contains(&Some(place)) {
            found[at] = Some(place);
        }
    }
    let set = |place: usize| &known.sets[place];
    found.into_iter().map(|place| place.map(set)).collect()
}

/// Pairs rows and sets without crossing, for the highest sum of scores.
fn in_order(scores: &[Vec<usize>], sets: usize) -> Vec<Option<usize>> {
    // best[r][s]: the highest sum for the rows from r on and the sets from s on.
    let mut best = vec![vec![0; sets + 1]; scores.len() + 1];
    for row in (0..scores.len()).rev() {
        for set in (0..sets).rev() {
            let paired = match scores[row][set] {
                0 => 0,
                score => score + best[row + 1][set + 1],
            };
            best[row][set] = paired.max(best[row + 1][set]).max(best[row][set + 1]);
        }
    }
    let mut found = vec![None; scores.len()];
    let (mut row, mut set) = (0, 0);
    while row < scores.len() && set < sets {
        let score = scores[row][set];
        if score > 0 && best[row][set] == score + best[row + 1][set + 1] {
            found[row] = Some(set);
            (row, set) = (row + 1, set + 1);
        } else if best[row][set] == best[row + 1][set] {
            row += 1;
        } else {
            set += 1;
        }
    }
    found
}

fn scores(row: &RowFacts, sets: &[EndpointSet]) -> Vec<usize> {
    let text = row.text();
    let enough = |set: &EndpointSet| match stated_remotes(set).next() {
        Some(_) => LEAST,
        None => LEAST_WITHOUT_ENDPOINTS,
    };
    let scores = sets
        .iter()
        .map(|set| Some(score(row, &text, set)).filter(|score| *score >= enough(set)));
    scores.map(Option::unwrap_or_default).collect()
}

/// The marks of a set, where it is one of the article's.
#[must_use]
pub fn marks_of(key: &SetKey) -> Option<&'static Marks> {
    MARKS.iter().find(|marks| marks.set == key.as_str())
}

fn score(row: &RowFacts, text: &str, set: &EndpointSet) -> usize {
    let words = marks_of(&set.key).map_or(&[][..], |marks| marks.words);
    let marks = words.iter().filter(|mark| has_word(text, mark)).count();
    let endpoints = row
        .endpoints()
        .filter(|found| states(set, found))
        .take(MOST_ENDPOINTS)
        .count();
    marks * MARK + endpoints * ENDPOINT
}

/// Whether `set` states this very endpoint.
fn states(set: &EndpointSet, found: &Found) -> bool {
    stated(set).any(|endpoint| endpoint == found.value)
}

/// What the cells of the row of `set` say on Microsoft's side.
fn stated(set: &EndpointSet) -> impl Iterator<Item = Value> {
    let sites = set.sites.iter().filter_map(|sites| sites.hosts.as_ref());
    let hosts = sites.flat_map(|hosts| hosts.value.iter().cloned().map(Value::Host));
    stated_remotes(set)
        .flat_map(|remote| values(&remote.endpoints.value))
        .chain(hosts)
}

/// The remotes of `set` whose endpoints stand in the cells of its row.
pub fn stated_remotes(set: &EndpointSet) -> impl Iterator<Item = &Remote> {
    let remotes = set.flows.iter().flat_map(|flow| &flow.remotes);
    remotes.filter(|remote| remote.endpoints.basis == Basis::Stated)
}

/// Whether `word` stands in `text` as a word of its own.
fn has_word(text: &str, word: &str) -> bool {
    let is_inside = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
    text.match_indices(word).any(|(at, _)| {
        !is_inside(text[..at].chars().next_back())
            && !is_inside(text[at + word.len()..].chars().next())
    })
}
