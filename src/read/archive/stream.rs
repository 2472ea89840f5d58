//! The bytes of an archive: which form they have, and no more of them than is taken.

use std::cell::Cell;
use std::fs::File;
use std::io::{self, Read, Seek};

use flate2::read::MultiGzDecoder;

use crate::finding::words::Bytes;
use crate::read::MAX_ARCHIVE;

/// A block of a tar archive.
pub const BLOCK: usize = 512;

/// What the beginning of a file says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// A tar archive.
    Plain,
    /// One that is compressed with gzip.
    Gzip,
    /// What would have to be unpacked by another program.
    Other(&'static str),
    /// No archive.
    Nothing,
}

/// Forms that are known, and not read.
const OTHERS: [(&[u8], &str); 5] = [
    (b"\xfd7zXZ\0", "compressed with xz"),
    (b"\x28\xb5\x2f\xfd", "compressed with zstd"),
    (b"BZh", "compressed with bzip2"),
    (b"PK\x03\x04", "a zip archive"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
];

/// Looks at the beginning of a file.
pub fn recognise(file: &mut File) -> io::Result<Form> {
    let first = block(file)?;
    if first.starts_with(b"\x1f\x8b") {
        file.rewind()?;
        // What is damaged from the start is no archive that could be read either.
        let inside = block(&mut MultiGzDecoder::new(file)).unwrap_or_default();
        let what = "compressed with gzip, but no tar archive";
        return Ok(if is_header(&inside) {
            Form::Gzip
        } else {
            Form::Other(what)
        });
    }
    let other = OTHERS.iter().find(|(magic, _)| first.starts_with(magic));
    Ok(match other {
        Some((_, what)) => Form::Other(what),
        None if is_header(&first) => Form::Plain,
        None => Form::Nothing,
    })
}

fn block(from: &mut impl Read) -> io::Result<Vec<u8>> {
    let mut block = Vec::new();
    from.take(BLOCK as u64).read_to_end(&mut block)?;
    Ok(block)
}

/// Whether a block is the header of a member: its bytes add up to what it says, with blanks in the place of the sum.
fn is_header(block: &[u8]) -> bool {
    if block.len() != BLOCK {
        return false;
    }
    let field = String::from_utf8_lossy(&block[148..156]);
    let said = field.trim_matches([' ', '\0']);
    let sum = block.iter().map(|byte| u32::from(*byte)).sum::<u32>() + 8 * u32::from(b' ');
    let field = block[148..156].iter().map(|byte| u32::from(*byte));
    u32::from_str_radix(said, 8) == Ok(sum - field.sum::<u32>())
}

/// Opens it from its beginning.
pub fn open<'a>(file: &'a mut File, form: Form, ended: &'a Cell<Ended>) -> io::Result<Bounded<'a>> {
    file.rewind()?;
    let inner: Box<dyn Read + 'a> = match form {
        Form::Gzip => Box::new(MultiGzDecoder::new(io::BufReader::new(file))),
        _ => Box::new(io::BufReader::new(file)),
    };
    Ok(Bounded {
        inner,
        left: MAX_ARCHIVE,
        ended,
    })
}

/// Whether a reader met the end of its bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// It did.
    Yes,
    /// There may be more.
    No,
}

/// A reader that fails where there are more bytes than an archive may have.
pub struct Bounded<'a> {
    inner: Box<dyn Read + 'a>,
    left: u64,
    ended: &'a Cell<Ended>,
}

impl Read for Bounded<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(into)?;
        if read == 0 && !into.is_empty() {
            self.ended.set(Ended::Yes);
        }
        let left = self.left.checked_sub(read as u64);
        self.left = left.ok_or_else(|| io::Error::other(too_much()))?;
        Ok(read)
    }
}

/// What is said of an archive that has more.
pub fn too_much() -> String {
    let limit = Bytes(MAX_ARCHIVE);
    format!("unpacked it has more than {limit}: unpack it, and compare with the directory")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bounded(bytes: &[u8], left: u64) -> (Result<usize, String>, Ended) {
        let ended = Cell::new(Ended::No);
        let mut reader = Bounded {
            inner: Box::new(bytes),
            left,
            ended: &ended,
        };
        let read = reader.read_to_end(&mut Vec::new());
        (read.map_err(|error| error.to_string()), ended.get())
    }

    #[test]
    fn no_more_is_read_than_an_archive_may_have() {
        assert_eq!(bounded(&[0; 512], 512), (Ok(512), Ended::Yes));
        assert_eq!(bounded(&[0; 513], 512), (Err(too_much()), Ended::No));
        assert!(too_much().contains("2 GiB"), "{}", too_much());
    }
}
