//! What the reader makes of templates.

use crate::read::oslo::{FILLED, IN_BLOCK, OsloFile, read};
use crate::source::FileId;

fn read_text(text: &str) -> OsloFile {
    read(FileId(0), text)
}

/// Keys, and whether they are sure.
fn options(file: &OsloFile) -> Vec<(&str, Option<&str>)> {
    let entries = file.sections.iter().flat_map(|section| &section.options);
    entries
        .map(|entry| (entry.key.value.as_str(), entry.unsure))
        .collect()
}

#[test]
fn control_lines_of_templates_are_no_errors() {
    let text = "\
{% set a = 1 %}
{#- several
lines -#}
[ml2]
a = 1
  {%- if ovn -%}
b = 2
{{- if .Other }}
c = 3
{{ else }}
d = 4
{{- end }}
{% endif %}
e = {{ e }}
<% if @f -%>
f = 1
<% end -%>
g = @GENEVE_RANGE@
h = %%VLANS%%
{{ more_options }}
i = %(asctime)s %AB%CD user@HO@
{% if j %}[ovn]
j = 1
{% endif %}
k = 1
[ovs]
l = 1
";
    let file = read_text(text);
    assert_eq!(file.errors, []);
    assert!(file.templated);
    assert_eq!(
        options(&file),
        [
            ("a", None),
            ("b", Some(IN_BLOCK)),
            ("c", Some(IN_BLOCK)),
            ("d", Some(IN_BLOCK)),
            ("e", Some(FILLED)),
            ("f", Some(IN_BLOCK)),
            ("g", Some(FILLED)),
            ("h", Some(FILLED)),
            ("i", None),
            ("j", Some(IN_BLOCK)),
            ("k", Some(IN_BLOCK)),
            ("l", None),
        ]
    );
}

#[test]
fn a_value_may_be_a_loop() {
    let text = "[ml2]\nx = {% for a in b -%}\n{{ a }},\n{%- endfor %}\n[{{ section }}]\ny = 1\nz =\n  {% if a %}\n  b\n  {% endif %}\n";
    let file = read_text(text);
    assert_eq!(file.errors, []);
    assert_eq!(
        options(&file),
        [
            ("x", Some(FILLED)),
            ("y", Some(FILLED)),
            ("z", Some(IN_BLOCK))
        ]
    );
    assert_eq!(file.sections[1].options[1].value.text, "\nb");
}

#[test]
fn marks_in_comments_make_no_template() {
    let file = read_text("# {{ ansible_managed }}\n; {% if x %}\n[ml2]\na = 1\n");
    assert!(!file.templated);
    assert_eq!(options(&file), [("a", None)]);
}
