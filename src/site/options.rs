//! What a service knows once it has loaded its ini files, one after the other.

mod substitution;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use crate::read::oslo::python::NotInteger;
use crate::read::oslo::value::Value;
use crate::read::oslo::{Entry, OsloFile, Section};
use crate::site::option_table::{self, normalized};
use crate::source::{Known, Place, Spanned};

/// The options of one service.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// In the order in which the service loads them.
    pub files: Vec<Arc<OsloFile>>,
    /// Whether every file of the service was seen: what none of them sets has its default then. A templated
    /// or a broken file among them tells nothing of what it does not set.
    pub whole: bool,
}

impl Options {
    /// The value in force, with other options put in for their `$names`. The last file that sets the option
    /// wins, under whatever name; within a file the new name wins over the old, then the last (facts N§7).
    pub fn get(&self, section: &str, option: &str) -> Known<Value> {
        let Some(entry) = self.entry(section, option) else {
            return self.missing(section);
        };
        let place = &entry.value.place;
        if let Some(why) = entry.unsure {
            return Known::Unsure(place.clone(), why);
        }
        match substitution::substituted(self, section, &entry.value) {
            Ok(value) => Known::Seen(Spanned::new(value, place.clone())),
            Err(why) => Known::Unsure(place.clone(), why),
        }
    }

    /// As a string option has it.
    pub fn text(&self, section: &str, option: &str) -> Known<String> {
        self.get(section, option).map(|value| value.text)
    }

    /// As a list option has it.
    pub fn list(&self, section: &str, option: &str) -> Known<Vec<Spanned<String>>> {
        self.get(section, option).map(|value| value.list())
    }

    /// As an integer option has it, bounds aside.
    pub fn integer(&self, section: &str, option: &str) -> Known<i64> {
        read(self.get(section, option), |value| match value.integer() {
            Ok(Some(number)) => Ok(number),
            Ok(None) => Err("no number is given"),
            Err(NotInteger::Malformed) => Err("not a number"),
            Err(NotInteger::TooBig) => Err("a number beyond 64 bits"),
        })
    }

    /// As a boolean option has it.
    pub fn boolean(&self, section: &str, option: &str) -> Known<bool> {
        read(self.get(section, option), |value| {
            value.boolean().ok_or("not a boolean")
        })
    }

    /// The assignment that decides, as it is written.
    pub fn entry(&self, section: &str, option: &str) -> Option<&Entry> {
        let mut names = vec![(normalized(section), option)];
        let deprecated = option_table::deprecated(section, option);
        names.extend(
            deprecated
                .iter()
                .map(|&(section, option)| (normalized(section), option)),
        );
        let mut files = self.files.iter().rev();
        files.find_map(|file| {
            names
                .iter()
                .find_map(|(section, option)| last_in_file(file, section, option))
        })
    }

    /// Every assignment to exactly this name, in the order of loading.
    pub fn entries<'options>(&'options self, section: &str, option: &str) -> Vec<&'options Entry> {
        let section = normalized(section);
        let sections = self.files.iter().flat_map(|file| sections(file, &section));
        let entries = sections.flat_map(|section| &section.options);
        entries.filter(|entry| entry.key.value == option).collect()
    }

    /// What is known of an option that no file sets.
    fn missing<T>(&self, section: &str) -> Known<T> {
        let readable = |file: &Arc<OsloFile>| !file.templated && file.errors.is_empty();
        if !self.whole || !self.files.iter().all(readable) {
            return Known::Unseen;
        }
        let section = normalized(section);
        let mut files = self.files.iter().rev();
        let header = files
            .find_map(|file| sections(file, &section).last())
            .map(|section| section.header.clone());
        match header.or_else(|| self.files.last().map(|file| Place::file(file.file))) {
            Some(place) => Known::Absent(place),
            None => Known::Unseen,
        }
    }
}

fn read<T>(value: Known<Value>, read: impl FnOnce(&Value) -> Result<T, &'static str>) -> Known<T> {
    match value {
        Known::Unseen => Known::Unseen,
        Known::Unsure(place, why) => Known::Unsure(place, why),
        Known::Absent(place) => Known::Absent(place),
        Known::Seen(value) => match read(&value) {
            Ok(read) => Known::Seen(Spanned::new(read, value.place)),
            Err(why) => Known::Unsure(value.place, why),
        },
    }
}

fn sections<'file>(
    file: &'file OsloFile,
    name: &str,
) -> impl DoubleEndedIterator<Item = &'file Section> {
    file.sections
        .iter()
        .filter(move |section| normalized(&section.name.value) == *name)
}

fn last_in_file<'file>(file: &'file OsloFile, section: &str, option: &str) -> Option<&'file Entry> {
    let mut sections = sections(file, section).rev();
    sections.find_map(|section| {
        section
            .options
            .iter()
            .rfind(|entry| entry.key.value == option)
    })
}
