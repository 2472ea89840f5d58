//! Syntax errors: where, and what is still read.

use super::{at, script, shown};

fn troubles(text: &str) -> Vec<(String, String)> {
    let script = script(text);
    let troubles = script.troubles.iter();
    troubles
        .map(|trouble| {
            let place = at(text, &trouble.place).to_owned();
            (place, trouble.message.clone())
        })
        .collect()
}

fn trouble(place: &str, message: &str) -> Vec<(String, String)> {
    vec![(place.to_owned(), message.to_owned())]
}

#[test]
fn an_open_quote_is_shown_where_it_opens() {
    let text = "ovs-vsctl add-br a\novs-vsctl add-br 'b\novs-vsctl add-br c\n";
    let message = "a `'` is opened here and never closed";
    assert_eq!(troubles(text), trouble("'", message));
    assert_eq!(
        shown(&script(text), text),
        ["ovs-vsctl add-br a", "ovs-vsctl add-br c"]
    );
    assert_eq!(script(text).troubles[0].place.span.start, 36);
    let message = "a `\"` is opened here and never closed";
    assert_eq!(troubles("echo \"a"), trouble("\"", message));
}

#[test]
fn a_missing_end_is_shown_where_it_starts() {
    let missing = |opening: &str, closing: &str| {
        let message = format!("`{opening}` is opened here, and `{closing}` is missing");
        trouble(opening, &message)
    };
    let text = "for i in 1 2; do\n  ovs-vsctl add-br b$i\n";
    assert_eq!(troubles(text), missing("for", "done"));
    assert_eq!(shown(&script(text), text), ["ovs-vsctl add-br <b$i>"]);
    assert_eq!(troubles("if true; then echo"), missing("if", "fi"));
    assert_eq!(troubles("if true; fi"), missing("if", "then"));
    assert_eq!(troubles("echo $(ls"), missing("$(", ")"));
    assert_eq!(troubles("(ls"), missing("(", ")"));
    assert_eq!(troubles("echo ${X"), missing("${", "}"));
}

#[test]
fn what_ends_nothing_is_shown() {
    let text = "ovs-vsctl add-br a\ndone\novs-vsctl add-br b\n";
    let message = "`done` stands here, and nothing that it could end";
    assert_eq!(troubles(text), trouble("done", message));
    assert_eq!(
        shown(&script(text), text),
        ["ovs-vsctl add-br a", "ovs-vsctl add-br b"]
    );
    let message = "`;` stands where a command should start";
    assert_eq!(troubles("echo a; ; echo b"), trouble(";", message));
    assert_eq!(
        troubles("echo a &&\n"),
        trouble("", "a command is missing here")
    );
    let message = "`>` stands here without what it goes to";
    assert_eq!(
        troubles("add-port br-ex <interface>\n"),
        trouble(">", message)
    );
    let message = "no line `EOF` ends this here-document";
    assert_eq!(troubles("cat <<EOF\na\n"), trouble("<<EOF", message));
}

#[test]
fn an_error_in_a_quoted_command_is_shown_in_the_file() {
    let text = "ssh n1 \"ovs-vsctl add-br 'a\"\n";
    let message = "a `'` is opened here and never closed";
    assert_eq!(troubles(text), trouble("'", message));
}

#[test]
fn what_is_no_shell_script_is_not_read() {
    assert_eq!(
        troubles("#!/usr/bin/python3\nimport os\n"),
        trouble(
            "#!/usr/bin/python3",
            "`python3` runs this, which is no shell"
        )
    );
}

#[test]
fn what_operators_write_has_no_error() {
    let texts = [
        "function f { ls; }; f",
        "select x in a b; do break; done",
        "for ((i=0; i<3; i++)); do ls; done",
        "[[ $a =~ ^(x|y)$ && -f /x ]] || (( a++ ))",
        "diff <(ls a) <(ls b) 2>&1 >/dev/null &>x",
        "a=(1 2\n3); declare -A m=([x]=1); m[y]=2; echo ${#a[@]} ${a[*]:1} ${!m[@]} ${a/b/c} ${a^^}",
        "case x in (a|b) ls ;; c) ;& *) ;;& esac",
        "ls | while read x; do :; done > out 2>&1",
        "cat <<-EOF > x; ls\n\ta\n\tEOF\nls",
        "cat <<A <<B\na\nA\nb\nB\nls",
        "if ! ls; then :; elif ls; then :; else :; fi",
        "until ls; do :; done; ! ls; time ls; { ls; } 2>x",
        "x=$(case y in a) echo;; esac)",
        "echo $(( (1+2)*3 )) $((a)) ${x:-$(ls \"$(pwd)\")} \"${x:-\"a b\"}\"",
        "f() ( ls )\nls !(a|b) @(a)*",
        "ls\r\nif ls; then\r\nls\r\nfi\r\n",
        "echo a#b \\# # c 'd",
        "exec 3>&1 {fd}>x; ls 2>&-; ls >| x <> y",
        "[ -f a -a ! -d b ] && ls || { echo no; exit 1; }",
    ];
    for text in texts {
        assert_eq!(troubles(text), [], "{text}");
    }
}
