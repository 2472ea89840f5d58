//! An archive as the site before, as an attacker would make it.

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

#[test]
fn what_is_no_whole_archive_is_refused() {
    let scratch = Scratch::new("archive-hostile");
    scratch.write("site/ml2_conf.ini", REVERSED);
    let good = member("ml2_conf.ini", b'0', REVERSED.as_bytes());
    let end = vec![0; 1024];
    let mut huge = vec![0x80, 0, 0, 0];
    huge.extend(u64::MAX.to_be_bytes());
    let cases: [(&str, Vec<Vec<u8>>, &str); 17] = [
        ("without end", vec![good.clone()], "its end is missing"),
        (
            "cut in a member",
            vec![
                good.clone(),
                member("neutron.conf", b'0', &[b'\n'; 999])[..700].to_vec(),
            ],
            "read whole",
        ),
        (
            "cut in a header",
            vec![good.clone(), good[..100].to_vec()],
            "read whole",
        ),
        (
            "two",
            vec![good.clone(), end.clone(), good.clone(), end.clone()],
            "behind its end",
        ),
        (
            "size",
            vec![
                good.clone(),
                header("conf.db", b'0', &huge, ""),
                end.clone(),
            ],
            "read whole",
        ),
        (
            "octal",
            vec![
                good.clone(),
                header("conf.db", b'0', b"77777777777\0", ""),
                end.clone(),
            ],
            "read whole",
        ),
        (
            "sum",
            vec![good.clone(), vec![b'x'; 512], end.clone()],
            "read whole",
        ),
        (
            "up",
            vec![
                good.clone(),
                member("a/../../neutron.conf", b'0', b""),
                end.clone(),
            ],
            "leads out of the archive",
        ),
        (
            "hard link",
            vec![
                header("neutron.conf", b'1', NONE, "../x"),
                good.clone(),
                end.clone(),
            ],
            "leads out of the archive",
        ),
        (
            "hard link to later",
            vec![
                header("neutron.conf", b'1', NONE, "ml2_conf.ini"),
                good.clone(),
                end.clone(),
            ],
            "does not stand before it",
        ),
        (
            "link with content",
            vec![
                header("neutron.conf", b'2', b"00000001000\0", "x"),
                good.clone(),
                end.clone(),
            ],
            "a link with content",
        ),
        (
            "sparse",
            vec![good.clone(), header("conf.db", b'S', NONE, ""), end.clone()],
            "sparse",
        ),
        (
            "pax sparse",
            vec![
                good.clone(),
                member("x", b'x', b"22 GNU.sparse.major=1\n"),
                member("y", b'0', b""),
                end.clone(),
            ],
            "sparse",
        ),
        (
            "pax size",
            vec![member("x", b'x', b"10 size=9\n"), good.clone(), end.clone()],
            "two sizes",
        ),
        (
            "pax malformed",
            vec![member("x", b'x', b"99 path=a\n"), good.clone(), end.clone()],
            "malformed",
        ),
        (
            "kind",
            vec![good.clone(), header("a", b'M', NONE, ""), end.clone()],
            "not known, 'M'",
        ),
        (
            "long name last",
            vec![
                good.clone(),
                member("././@LongLink", b'L', b"neutron.conf\0"),
                end.clone(),
            ],
            "without a member",
        ),
    ];
    for (case, parts, expected) in cases {
        scratch.write("before.tar", parts.concat());
        let output = check_in(
            scratch.path(),
            &["--against", "./before.tar", "site"],
            |_| {},
        );
        let said = said(&output);
        assert_eq!(output.status.code(), Some(2), "{case}: {said}");
        assert!(said.starts_with("ovnlint: before.tar: "), "{case}: {said}");
        assert!(said.contains(expected), "{case}: {said}");
        assert_eq!(said.lines().count(), 1, "{case}: {said}");
    }
    // Names with a line end, devices, and names that only a header before the member holds.
    let odd = [
        good,
        member(
            "x",
            b'x',
            b"21 comment=a\n\npath=b\n23 path=b/ml2_conf.ini\n",
        ),
        member("z", b'0', REVERSED.as_bytes()),
        header("l3_agent.ini", b'3', NONE, ""),
        end,
    ];
    scratch.write("odd.tar", odd.concat());
    let (found, code) = check(scratch.path(), &["--against", "./odd.tar", "site"]);
    let found: Vec<_> = found
        .iter()
        .map(|row| [&row[0][..], &row[1], &row[3]])
        .collect();
    let named = [RANGE, "resolved", "odd.tar:b/ml2_conf.ini"];
    let device = ["file_unreadable", "resolved", "odd.tar:l3_agent.ini"];
    assert_eq!((found, code), (vec![named, device], 0));
}
