//! An archive as the site before, as an attacker would make it.

use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;
use ovnlint::finding::TroubleKind;
use ovnlint::read::{Inputs, Limits, before};
use ovnlint::source::Sources;

use crate::command_line::Scratch;

use super::RANGE;
use super::repository::{REVERSED, check, check_in, said};

/// A header of a member, and its content.
fn member(name: &str, kind: u8, content: &[u8]) -> Vec<u8> {
    let size = format!("{:011o}\0", content.len());
    let mut bytes = header(name, kind, size.as_bytes(), "");
    bytes.extend_from_slice(content);
    bytes.resize(bytes.len().next_multiple_of(512), 0);
    bytes
}

fn header(name: &str, kind: u8, size: &[u8], target: &str) -> Vec<u8> {
    let mut block = vec![0; 512];
    let mut put = |at: usize, bytes: &[u8]| block[at..at + bytes.len()].copy_from_slice(bytes);
    put(0, name.as_bytes());
    put(100, b"0000644\0");
    put(124, size);
    put(148, b"        ");
    put(156, &[kind]);
    put(157, target.as_bytes());
    put(257, b"ustar\x0000");
    let sum: u32 = block.iter().map(|byte| u32::from(*byte)).sum();
    block[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
    block
}

const NONE: &[u8] = b"00000000000\0";

/// Each of the archives is refused for its reason.
fn refused(name: &str, cases: &[(&str, &[&[u8]], &str)]) {
    let scratch = Scratch::new(name);
    scratch.write("site/ml2_conf.ini", REVERSED);
    for (case, parts, expected) in cases {
        scratch.write("before.tar", parts.concat());
        let arguments = ["--against", "./before.tar", "site"];
        let output = check_in(scratch.path(), &arguments, |_| {});
        let said = said(&output);
        assert_eq!(output.status.code(), Some(2), "{case}: {said}");
        assert!(said.starts_with("ovnlint: before.tar: "), "{case}: {said}");
        assert!(said.contains(expected), "{case}: {said}");
        assert_eq!(said.lines().count(), 1, "{case}: {said}");
    }
}

fn good() -> Vec<u8> {
    member("ml2_conf.ini", b'0', REVERSED.as_bytes())
}

const END: &[u8] = &[0; 1024];

#[test]
fn what_is_no_whole_archive_is_refused() {
    let good = good();
    let long = member("neutron.conf", b'0', &[b'\n'; 999]);
    let name = member("././@LongLink", b'L', b"neutron.conf\0");
    let most = [&[0x80, 0, 0, 0][..], &u64::MAX.to_be_bytes()].concat();
    let sizes = [&most[..], b"77777777777\0"].map(|size| header("conf.db", b'0', size, ""));
    let whole = "read whole";
    refused(
        "archive-cut",
        &[
            ("without end", &[&good], "its end is missing"),
            ("in a member", &[&good, &long[..700]], whole),
            ("in a header", &[&good, &good[..100]], whole),
            ("two", &[&good, END, &good, END], "behind its end"),
            ("sixteen exbibytes", &[&good, &sizes[0], END], whole),
            ("eight gibibytes", &[&good, &sizes[1], END], whole),
            ("a wrong sum", &[&good, &[b'x'; 512], END], whole),
            ("a name last", &[&good, &name, END], "without a member"),
        ],
    );
}

#[test]
fn members_that_programs_take_for_different_things_are_refused() {
    let good = good();
    let up = member("a/../../neutron.conf", b'0', b"");
    let link = |kind, size, target| header("neutron.conf", kind, size, target);
    let out = link(b'1', NONE, "../x");
    let later = link(b'1', NONE, "ml2_conf.ini");
    let content = link(b'2', b"00000001000\0", "x");
    let sparse = header("conf.db", b'S', NONE, "");
    let said = |text: &[u8]| member("x", b'x', text);
    let pax_sparse = said(b"22 GNU.sparse.major=1\n");
    let size = said(b"10 size=9\n");
    let malformed = said(b"99 path=a\n");
    let twice = [said(b"10 path=a\n"), member("x", b'L', b"b\0")].concat();
    let global = member("x", b'g', b"10 path=a\n");
    let volume = header("a", b'M', NONE, "");
    refused(
        "archive-odd",
        &[
            ("upwards", &[&good, &up, END], "leads out of the archive"),
            ("out", &[&out, &good, END], "leads out of the archive"),
            ("later", &[&later, &good, END], "does not stand before it"),
            ("content", &[&content, &good, END], "a link with content"),
            ("sparse", &[&good, &sparse, END], "sparse"),
            ("pax sparse", &[&pax_sparse, &good, END], "sparse"),
            ("size", &[&size, &good, END], "two sizes"),
            ("malformed", &[&malformed, &good, END], "malformed"),
            ("twice", &[&twice, &good, END], "named twice"),
            ("global", &[&global, &good, END], "names all members alike"),
            ("volume", &[&good, &volume, END], "not known, 'M'"),
        ],
    );
}

/// Names behind a value with line ends, and devices.
#[test]
fn what_is_odd_and_can_be_told_is_read() {
    let scratch = Scratch::new("archive-told");
    scratch.write("site/ml2_conf.ini", REVERSED);
    let odd = [
        good(),
        member(
            "x",
            b'x',
            b"21 comment=a\n\npath=b\n23 path=b/ml2_conf.ini\n",
        ),
        member("z", b'0', REVERSED.as_bytes()),
        header("l3_agent.ini", b'3', NONE, ""),
        END.to_vec(),
    ];
    scratch.write("odd.tar", odd.concat());
    let arguments = ["--against", "./odd.tar", "site"];
    let (found, code) = check(scratch.path(), &arguments);
    let found: Vec<_> = found
        .iter()
        .map(|row| [&row[0][..], &row[1], &row[3]])
        .collect();
    let named = [RANGE, "resolved", "odd.tar:b/ml2_conf.ini"];
    let device = ["file_unreadable", "resolved", "odd.tar:l3_agent.ini"];
    assert_eq!((found, code), (vec![named, device], 0));
}

/// Reads an archive in the place of a directory with one file.
fn read(scratch: &Scratch, bytes: &[u8], limits: Limits) -> Result<Inputs, String> {
    scratch.write("before", bytes);
    let (before, after) = (scratch.path().join("before"), scratch.path().join("site"));
    let before = before.to_str().expect("the path is text");
    let paths = [(after.as_path(), "site".to_owned())];
    before::inputs(before, &paths, limits, Sources::default())
}

#[test]
fn nothing_that_was_cut_is_taken_for_the_whole() {
    let scratch = Scratch::new("archive-every-cut");
    scratch.write("site/ml2_conf.ini", REVERSED);
    let whole = [good(), member("a/notes.txt", b'0', b"x"), END.to_vec()].concat();
    let mut gzip = GzEncoder::new(Vec::new(), Compression::default());
    gzip.write_all(&whole).expect("a list takes all");
    let gzip = gzip.finish().expect("a list takes all");
    let limits = Limits::default;
    // One block of zeros is an end, too.
    for (bytes, least) in [(&whole, whole.len() - 512), (&gzip, gzip.len())] {
        let read = |cut: usize| read(&scratch, &bytes[..cut], limits());
        assert_eq!(read(bytes.len()).map(|inputs| inputs.files.len()), Ok(2));
        for cut in (0..least).filter(|cut| cut % 7 == 0 || least - cut < 9) {
            assert!(read(cut).is_err(), "{cut} of {}", bytes.len());
        }
        // Whatever a bit makes of it, it is read or refused.
        for at in 0..bytes.len().min(1024) {
            let mut wrong = bytes.clone();
            wrong[at] ^= 1 << (at % 8);
            let _ = self::read(&scratch, &wrong, limits());
        }
    }
    // What lies behind the limit of a file is said of that file.
    let limits = Limits {
        text: REVERSED.len() as u64 - 1,
        ..limits()
    };
    let inputs = read(&scratch, &gzip, limits).expect("it is whole");
    let kinds: Vec<_> = inputs.troubles.iter().map(|trouble| trouble.kind).collect();
    assert_eq!(kinds, [TroubleKind::TooLarge]);
}
