//! Globs of names and paths, as inputs and the command line give them.

use globset::{Glob, GlobSet, GlobSetBuilder};

/// What a glob matches. Fails with why it is none; only on making the matcher does it show that one is too large.
pub fn of(text: &str) -> Result<GlobSet, String> {
    let set = Glob::new(text).and_then(|glob| GlobSetBuilder::new().add(glob).build());
    set.map_err(|error| {
        let shown: String = text.chars().take(SHOWN).collect();
        let cut = if shown.len() < text.len() { "…" } else { "" };
        // What globset says of a regular expression that it could not make speaks of that, on many lines.
        let why = error.kind().to_string();
        let why = why.lines().next().filter(|_| shown.len() == text.len());
        let why = why.unwrap_or("it is too large");
        format!("`{shown}{cut}` is not a glob: {why}")
    })
}

/// So many characters of a glob that is none are shown.
const SHOWN: usize = 60;

#[cfg(test)]
mod tests {
    use super::of;

    #[test]
    fn what_no_matcher_can_be_made_of_is_no_glob() {
        let matches = |glob: &str, text| of(glob).is_ok_and(|set| set.is_match(text));
        assert!(matches("lab-*", "lab-a") && !matches("lab-*", "prod-a"));
        assert!(of("[").is_err_and(|why| why.starts_with("`[` is not a glob: ")));
        let deep = format!("{}a{}", "{".repeat(300), "}".repeat(300));
        for glob in [deep, "[a-z]".repeat(150_000)] {
            let why = of(&glob).expect_err("it is too large");
            assert!(
                why.ends_with("… is not a glob: it is too large") || why.contains("…`"),
                "{why}"
            );
            assert!(why.len() < 200, "{why}");
        }
    }
}
