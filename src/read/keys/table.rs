//! Typed values out of parsed TOML: what is wrong is noted, and reading goes on.

use std::collections::BTreeMap;
use std::ops::Range;

use toml::Spanned as Toml;
use toml::de::{DeInteger, DeTable, DeValue};

use super::KeyError;
use super::advice::{found, no_choice, unknown};
use super::schema::{Form, Key, Keys, Kind};
use crate::read::size;
use crate::source::{FileId, Place, Spanned};

/// The file, and what was found to be wrong with it.
pub struct Reader<'t> {
    pub(super) keys: &'static Keys,
    file: FileId,
    pub(super) text: &'t str,
    /// What is wrong, in the order in which it was found.
    pub errors: Vec<KeyError>,
}

/// A table of the file, and its path among the keys that are known.
pub struct Table<'t> {
    keys: &'static Keys,
    path: &'static str,
    entries: &'t DeTable<'t>,
}

impl<'t> Table<'t> {
    fn key(&self, name: &str) -> &'static Key {
        let mut keys = self.keys.children(self.path);
        keys.find(|key| key.name() == name)
            .expect("the reader asks for keys of the schema")
    }

    /// A value as it was parsed, and its key.
    pub fn value(&self, name: &str) -> Option<(&'static Key, &'t Toml<DeValue<'t>>)> {
        Some((self.key(name), self.entries.get(name)?))
    }
}

impl<'t> Reader<'t> {
    /// For a file with these keys, and its text.
    pub fn new(keys: &'static Keys, file: FileId, text: &'t str) -> Self {
        Self {
            keys,
            file,
            text,
            errors: Vec::new(),
        }
    }

    /// The file itself as a table.
    pub fn root(&mut self, entries: &'t DeTable<'t>) -> Table<'t> {
        self.checked("", entries)
    }

    /// A table in a table.
    pub fn table(&mut self, table: &Table<'t>, name: &str) -> Option<Table<'t>> {
        let (key, value) = table.value(name)?;
        self.as_table(key, name, value)
    }

    /// The tables in a table whose keys are names that the user chose, in the order of the file.
    pub fn named<T>(
        &mut self,
        table: &Table<'t>,
        read: fn(&mut Self, Spanned<String>, &Table<'t>) -> T,
    ) -> Vec<T> {
        let chosen = self.keys.children(table.path).find(|key| key.is_chosen());
        let chosen = chosen.expect("the reader asks for names where the schema has them");
        let mut entries: Vec<_> = table.entries.iter().collect();
        entries.sort_by_key(|(name, _)| name.span().start);
        let mut named = Vec::with_capacity(entries.len());
        for (name, value) in entries {
            if name.get_ref().is_empty() {
                let kind = chosen.name().trim_matches(['<', '>']);
                self.error(
                    name.span(),
                    format!("the empty {kind} is no {kind}"),
                    "an empty name",
                );
                continue;
            }
            if let Some(inner) = self.as_table(chosen, name.get_ref(), value) {
                let name = self.spanned(name.get_ref().to_string(), name.span());
                named.push(read(self, name, &inner));
            }
        }
        named
    }

    /// The tables of an array of tables, each with the place of its header.
    pub fn tables<T>(
        &mut self,
        table: &Table<'t>,
        name: &str,
        read: fn(&mut Self, Place, &Table<'t>) -> T,
    ) -> Vec<T> {
        let Some((key, value)) = table.value(name) else {
            return Vec::new();
        };
        let DeValue::Array(items) = value.get_ref() else {
            self.wrong_type::<()>(key, value);
            return Vec::new();
        };
        let mut tables = Vec::with_capacity(items.len());
        for item in items {
            if let DeValue::Table(entries) = item.get_ref() {
                let inner = self.checked(key.path, entries);
                tables.push(read(self, Place::text(self.file, item.span()), &inner));
            } else {
                self.wrong_type::<()>(key, item);
            }
        }
        tables
    }

    /// What a table has beside the keys that are known, in the order of the file.
    pub fn others(&self, table: &Table<'t>) -> Vec<(Spanned<String>, &'t Toml<DeValue<'t>>)> {
        let known = |name: &str| self.keys.children(table.path).any(|key| key.name() == name);
        let entries = table.entries.iter();
        let others = entries.filter(|(name, _)| !known(name.get_ref()));
        let mut others: Vec<_> = others
            .map(|(name, value)| (self.spanned(name.get_ref().to_string(), name.span()), value))
            .collect();
        others.sort_by_key(|(name, _)| name.place.span);
        others
    }

    /// A string.
    pub fn text<T>(
        &mut self,
        table: &Table<'t>,
        name: &str,
        read: impl Fn(&str) -> Result<T, String>,
    ) -> Option<Spanned<T>> {
        let (key, value) = table.value(name)?;
        match (value.get_ref(), key.kind) {
            (DeValue::String(text), Kind::Text(form)) => {
                self.word(name, form, value.span(), text, read)
            }
            _ => self.wrong_type(key, value),
        }
    }

    /// An array of strings, or one where its key takes that; what is wrong in it is left out.
    pub fn list<T>(
        &mut self,
        table: &Table<'t>,
        name: &str,
        read: impl Fn(&str) -> Result<T, String>,
    ) -> Option<Vec<Spanned<T>>> {
        let (key, value) = table.value(name)?;
        let (items, form) = match (value.get_ref(), key.kind) {
            (DeValue::Array(items), Kind::List(form) | Kind::Words(form)) => (items, form),
            (DeValue::String(text), Kind::Words(form)) => {
                let word = self.word(name, form, value.span(), text, read);
                return Some(word.into_iter().collect());
            }
            _ => return self.wrong_type(key, value),
        };
        let mut list = Vec::with_capacity(items.len());
        for item in items {
            list.extend(match item.get_ref() {
                DeValue::String(text) => self.word(name, form, item.span(), text, &read),
                _ => self.wrong_type(key, item),
            });
        }
        Some(list)
    }

    /// A number of bytes, more than 0.
    pub fn size(&mut self, table: &Table<'t>, name: &str) -> Option<Spanned<u64>> {
        let (key, value) = table.value(name)?;
        let bytes = match value.get_ref() {
            DeValue::String(text) => size::parse(text).map_err(|error| error.to_string()),
            DeValue::Integer(number) => {
                unsigned(number).ok_or_else(|| format!("`{number}` is not a size"))
            }
            _ => return self.wrong_type(key, value),
        };
        match bytes {
            Ok(0) => self.error(
                value.span(),
                format!("`{name}` must be more than 0 bytes"),
                "no bytes",
            ),
            Ok(bytes) => return Some(self.spanned(bytes, value.span())),
            Err(error) => self.error(value.span(), format!("`{name}`: {error}"), "not a size"),
        }
        None
    }

    /// A whole number within the bounds of its key.
    pub fn number(&mut self, table: &Table<'t>, name: &str) -> Option<Spanned<u64>> {
        let (key, value) = table.value(name)?;
        let (DeValue::Integer(number), Kind::Number(least, most)) = (value.get_ref(), key.kind)
        else {
            return self.wrong_type(key, value);
        };
        match unsigned(number) {
            Some(number) if (least..=most).contains(&number) => {
                Some(self.spanned(number, value.span()))
            }
            _ => {
                let message = format!("`{name}` must be {}, not {number}", key.kind);
                self.error(value.span(), message, "out of range");
                None
            }
        }
    }

    /// `true` or `false`.
    pub fn boolean(&mut self, table: &Table<'t>, name: &str) -> Option<Spanned<bool>> {
        let (key, value) = table.value(name)?;
        match value.get_ref() {
            DeValue::Boolean(boolean) => Some(self.spanned(*boolean, value.span())),
            _ => self.wrong_type(key, value),
        }
    }

    fn word<T>(
        &mut self,
        name: &str,
        form: Form,
        range: Range<usize>,
        text: &str,
        read: impl Fn(&str) -> Result<T, String>,
    ) -> Option<Spanned<T>> {
        let read = match form {
            Form::Choice(words) if !words.contains(&text) => Err(no_choice(words, form, text)),
            _ => read(text).map_err(|error| (error, None)),
        };
        match read {
            Ok(value) => Some(self.spanned(value, range)),
            Err((error, meant)) => {
                self.error(range, format!("`{name}`: {error}"), &format!("not {form}"));
                self.suggest(meant.map(|meant| format!("\"{meant}\"")));
                None
            }
        }
    }

    fn as_table(
        &mut self,
        key: &'static Key,
        name: &str,
        value: &'t Toml<DeValue<'t>>,
    ) -> Option<Table<'t>> {
        let DeValue::Table(entries) = value.get_ref() else {
            let found = found(value.get_ref());
            self.error(
                value.span(),
                format!("`{name}` must be a table, not {found}"),
                found,
            );
            return None;
        };
        Some(self.checked(key.path, entries))
    }

    /// The table, once the keys that do not belong in it are noted.
    fn checked(&mut self, path: &'static str, entries: &'t DeTable<'t>) -> Table<'t> {
        if !self.keys.children(path).any(Key::is_chosen) {
            let keys = self.keys;
            let own = |name: &str| keys.children(path).any(|key| key.name() == name);
            let foreign = entries.keys().filter(|name| !own(name.get_ref()));
            let foreign = foreign.map(|name| (name.span(), unknown(keys, path, name.get_ref())));
            let foreign: Vec<_> = foreign.collect();
            let mut meant_by: BTreeMap<&str, usize> = BTreeMap::new();
            for meant in foreign.iter().filter_map(|(_, (_, meant))| *meant) {
                *meant_by.entry(meant).or_default() += 1;
            }
            for (span, (message, meant)) in foreign {
                self.error(span, message, "unknown key");
                // A key that is there twice is no TOML.
                let free = |meant: &&str| meant_by[meant] == 1 && !entries.contains_key(*meant);
                self.suggest(meant.filter(free).map(str::to_owned));
            }
        }
        Table {
            keys: self.keys,
            path,
            entries,
        }
    }

    /// Says what stands there instead of what the key takes.
    pub fn wrong_type<T>(&mut self, key: &Key, value: &Toml<DeValue>) -> Option<T> {
        let found = found(value.get_ref());
        let hint = self
            .rewritten(key.kind, value)
            .map_or_else(String::new, |text| format!(": write `{text}`"));
        let message = format!("`{}` must be {}, not {found}{hint}", key.name(), key.kind);
        self.error(value.span(), message, found);
        None
    }

    /// The value as it would be right, where that is plain.
    fn rewritten(&self, kind: Kind, value: &Toml<DeValue>) -> Option<String> {
        let written = self
            .text
            .get(value.span())
            .filter(|text| text.len() < 40 && !text.contains('\n'))?;
        match (kind, value.get_ref()) {
            (Kind::Tables, DeValue::Table(_)) if written.starts_with('[') => {
                Some(format!("[{written}]"))
            }
            (_, DeValue::Table(_) | DeValue::Array(_)) => None,
            (Kind::List(_), DeValue::String(_)) if written.starts_with('"') => {
                Some(format!("[{written}]"))
            }
            (Kind::Text(_), _) => Some(format!("\"{written}\"")),
            (Kind::Number(..), DeValue::String(text)) => {
                text.parse::<u64>().is_ok().then(|| text.to_string())
            }
            (Kind::Boolean, DeValue::String(text)) => {
                text.parse::<bool>().is_ok().then(|| text.to_string())
            }
            _ => None,
        }
    }

    /// A value at its place.
    pub fn spanned<T>(&self, value: T, range: Range<usize>) -> Spanned<T> {
        Spanned::new(value, Place::text(self.file, range))
    }

    /// Says what is wrong.
    pub fn error(&mut self, range: Range<usize>, message: String, label: &str) {
        self.errors.push(KeyError {
            place: Place::text(self.file, range),
            message,
            label: label.to_owned(),
            meant: None,
        });
    }

    /// Says what was probably meant where the last error is.
    fn suggest(&mut self, meant: Option<String>) {
        if let Some(error) = self.errors.last_mut() {
            error.meant = meant;
        }
    }
}

/// A whole number that is 0 or more and fits.
pub fn unsigned(number: &DeInteger) -> Option<u64> {
    u64::from_str_radix(number.as_str(), number.radix()).ok()
}
