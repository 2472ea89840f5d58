//! Links as the kernel follows them, and what that costs.

use std::cell::Cell;
use std::collections::BTreeMap;

use super::*;

/// A tree that counts how often it is asked.
#[derive(Default)]
struct Counted {
    nodes: BTreeMap<PathBuf, Lies>,
    asked: Cell<usize>,
}

impl Counted {
    fn with(mut self, path: &str, lies: Lies) -> Self {
        self.nodes.insert(path.into(), lies);
        self
    }

    fn link(self, path: &str, target: &str) -> Self {
        self.with(path, Lies::Link(target.into()))
    }

    fn leads(&self, link: &str) -> Leads {
        Links::of(self, Path::new("site")).leads(Path::new(link))
    }
}

impl Tree for Counted {
    fn at(&self, path: &Path) -> Lies {
        self.asked.set(self.asked.get() + 1);
        self.nodes.get(path).cloned().unwrap_or(Lies::Nothing)
    }
}

fn file(path: &str) -> Leads {
    Leads::File(path.into())
}

#[test]
fn a_link_ends_where_the_kernel_would_end() {
    let tree = Counted::default()
        .with("site/real", Lies::Directory)
        .with("site/real/x.ini", Lies::File)
        .link("site/alias", "real")
        .link("site/a", "alias/x.ini")
        .link("site/b", "./real/../a")
        .link("site/round", "../site/real/x.ini")
        .link("site/out", "../other/x.ini")
        .link("site/absolute", "/etc/hosts")
        .link("site/up", "../../../x")
        .link("site/top", ".")
        .link("site/missing", "real/none/../x.ini")
        .link("site/itself", "itself")
        .link("site/long", &"x/".repeat(2100));
    let expected = [
        ("a", file("site/real/x.ini")),
        ("b", file("site/real/x.ini")),
        ("round", file("site/real/x.ini")),
        ("alias", Leads::Directory("site/real".into())),
        ("top", Leads::Directory("site".into())),
        ("out", Leads::Outside),
        ("absolute", Leads::Outside),
        ("up", Leads::Outside),
        // The kernel asks for `none` before it goes back.
        ("missing", Leads::Nowhere),
        ("itself", Leads::Nowhere),
        ("long", Leads::Nowhere),
    ];
    for (link, leads) in expected {
        assert_eq!(tree.leads(&format!("site/{link}")), leads, "{link}");
    }
}

#[test]
fn forty_links_may_follow_each_other() {
    let chain = |length: usize| {
        let tree = Counted::default().with("site/x0", Lies::File);
        (1..=length).fold(tree, |tree, at| {
            tree.link(&format!("site/x{at}"), &format!("x{}", at - 1))
        })
    };
    let tree = chain(60);
    let links = Links::of(&tree, Path::new("site"));
    // The longest first: what it could not follow to the end must not be taken for the end.
    for at in (1..=60).rev() {
        let expected = if at <= HOPS {
            file("site/x0")
        } else {
            Leads::Nowhere
        };
        assert_eq!(
            links.leads(Path::new(&format!("site/x{at}"))),
            expected,
            "{at}"
        );
    }
}

/// Links that lengthen each other, and many that lead to the first of them.
fn asked(links: usize, length: usize) -> usize {
    let rest = "/b".repeat(length);
    let mut tree = Counted::default().with("site/x39", Lies::Directory);
    for at in 0..39 {
        tree = tree.link(&format!("site/x{at}"), &format!("x{}{rest}", at + 1));
    }
    for at in 0..links {
        tree = tree.link(&format!("site/l{at}"), "x0/y");
    }
    let followed = Links::of(&tree, Path::new("site"));
    for at in 0..links {
        assert_eq!(
            followed.leads(Path::new(&format!("site/l{at}"))),
            Leads::Nowhere
        );
    }
    tree.asked.get()
}

#[test]
fn a_link_costs_as_much_as_its_target_is_long() {
    let (once, twice) = (asked(500, 2000), asked(1000, 2000));
    // Itself, the link that it leads to, and itself for whether a stock system has such a link to nothing; the chain
    // behind is followed for the first alone.
    assert_eq!(twice - once, 3 * 500);
    assert!(once < 3 * 500 + 2 * 40, "{once}");
    // Directories that are there, gone to and fro.
    let to_and_fro = |links: usize| {
        let back = "b/../".repeat(800);
        let mut tree = Counted::default()
            .with("site/b", Lies::Directory)
            .with("site/x39", Lies::File);
        for at in 0..39 {
            tree = tree.link(&format!("site/x{at}"), &format!("{back}x{}", at + 1));
        }
        for at in 0..links {
            tree = tree.link(&format!("site/l{at}"), "x0");
        }
        let followed = Links::of(&tree, Path::new("site"));
        for at in 0..links {
            let path = format!("site/l{at}");
            // With itself there are forty.
            assert_eq!(followed.leads(Path::new(&path)), file("site/x39"));
        }
        tree.asked.get()
    };
    // Itself, the link that it leads to, and what lies at the end.
    assert_eq!(to_and_fro(1000) - to_and_fro(500), 3 * 500);
}
