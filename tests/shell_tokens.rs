//! What command lines become: the terminals of every construct of the manuals, in rows of a value
//! and its tokens, and that the grammar takes them.

use syntrap::Push;
use syntrap::shell::{self, Dialect, Start, Terminal};

/// The names of the tokens; one that the grammar does not take is marked and ends the row.
fn names(dialect: Dialect, start: Start, value: &str) -> String {
    let mut recogniser = shell::recogniser();
    let prelude: &[Terminal] = match start {
        Start::Command | Start::Environment => &[Terminal::Start],
        Start::HereDocument => &[Terminal::Start, Terminal::Given, Terminal::Newline, Terminal::DocumentOpen],
        _ => &[Terminal::Start, Terminal::Given],
    };
    prelude.iter().for_each(|terminal| _ = recogniser.push_terminal(terminal.index()));
    let mut names = Vec::new();
    for token in shell::tokens(value.as_bytes(), start, dialect) {
        names.push(token.terminal.name());
        if recogniser.push_terminal(token.terminal.index()) != Push::Shifted {
            names.push("REJECTED");
            break;
        }
    }
    names.join(" ")
}

/// Checks the rows of a table, all of them before it fails.
fn holds(dialect: Dialect, start: Start, rows: &[(&str, &str)]) {
    let wrong: String = rows
        .iter()
        .map(|&(value, expected)| (value, expected, names(dialect, start, value)))
        .filter(|(_, expected, actual)| actual != expected)
        .map(|(value, expected, actual)| format!("\n{value:?}\n  is  {actual}\n  not {expected}"))
        .collect();
    assert!(wrong.is_empty(), "{wrong}");
}

fn posix(rows: &[(&str, &str)]) {
    holds(Dialect::Posix, Start::Command, rows);
}

fn cmd(rows: &[(&str, &str)]) {
    holds(Dialect::Cmd, Start::Command, rows);
}

fn powershell(rows: &[(&str, &str)]) {
    holds(Dialect::PowerShell, Start::Command, rows);
}

// ---------------------------------------------------------------------------------------------
// The POSIX shell (POSIX.1-2024, XCU chapter 2) and bash (Bash Reference Manual, chapter 3)

/// XCU §2.2; bash §3.1.2
#[test]
fn quotes_are_parts_of_a_word() {
    posix(&[
        // §2.2.1 escape character
        (r"a \b c\ d", "literal literal literal JOIN literal JOIN literal"),
        (r"a \", "literal literal"),
        ("a\\\nb", "literal JOIN literal"),
        ("a \\\n b", "literal literal"),
        ("a \\\n#b", "literal"),
        ("i\\\nf a; th\\\n\\\nen b; fi\\\n", "if literal ; then literal ; fi"),
        ("a \"b\\\nc\"", "literal open_quote text text close_quote"),
        ("a &\\\n& b", "literal && literal"),
        ("a |\\\n| b", "literal || literal"),
        ("a >\\\n\\\n> b", "literal > literal"),
        ("a $\\\n(b)", "literal $( literal )"),
        ("a $\\\nb $\\\n{c}", "literal parameter ${ close_parameter"),
        ("a \"$\\\n(b)\"", "literal open_quote $( literal ) close_quote"),
        // §2.2.2 single quotes
        (r"a 'b c' d''e", "literal quoted literal JOIN quoted JOIN literal"),
        (r"a 'b\' c", "literal quoted literal"),
        ("a 'b\nc' 'd", "literal quoted quoted"),
        ("a 'b\\\nc'", "literal quoted"),
        // §2.2.3 double quotes
        (r#"a "b c"d"#, "literal open_quote text close_quote JOIN literal"),
        (r#"a """#, "literal open_quote close_quote"),
        (r#"a "b'c;d|e&f(g)#""#, "literal open_quote text close_quote"),
        (r#"a "\"\$\`\\""#, "literal open_quote text text text text close_quote"),
        (r#"a "b\c""#, "literal open_quote text text text close_quote"),
        (
            r#"a "$b${c}$(d)`e`$((f))""#,
            "literal open_quote parameter ${ close_parameter $( literal ) \
            open_backquote literal close_backquote $(( text )) close_quote",
        ),
        (
            r#"a "$(b "c" 'd')" e"#,
            "literal open_quote $( literal open_quote text close_quote quoted ) \
            close_quote literal",
        ),
        (r#"a "$[b]$""#, "literal open_quote $(( text )) text close_quote"),
        (r#"a "$'b'""#, "literal open_quote text text close_quote"),
        (r#"a "b"#, "literal open_quote text"),
        // §2.2.4 dollar-single-quotes; bash §3.1.2.5 locale translation
        (r"a $'b\'c' d", "literal quoted literal"),
        (r"a $'\\'b", "literal quoted JOIN literal"),
        (r#"a $"b $c""#, "literal open_quote text parameter close_quote"),
    ]);
}

/// XCU §2.6.2, bash §3.5.3, §3.4.2; §3.5.4 for `${ …; }`
#[test]
fn parameters_are_expanded_in_every_form() {
    posix(&[
        ("$a $a_1b $1 $10", "parameter parameter parameter parameter JOIN literal"),
        (
            "$@ $* $# $? $- $$ $! $0",
            "parameter parameter parameter parameter parameter parameter parameter parameter",
        ),
        ("$ $% a$", "literal literal JOIN literal literal JOIN literal"),
        (
            "${a} ${10} ${@} ${#} ${-}",
            "${ close_parameter ${ close_parameter ${ close_parameter \
            ${ close_parameter ${ close_parameter",
        ),
        (
            "${#a} ${#*} ${!a} ${!a@}",
            "${ close_parameter ${ text close_parameter ${ close_parameter \
            ${ operator close_parameter",
        ),
        (
            "${a-b} ${a:-b} ${a=b} ${a:=b}",
            "${ operator text close_parameter ${ operator text close_parameter \
            ${ operator text close_parameter ${ operator text close_parameter",
        ),
        (
            "${a?b} ${a:?b} ${a+b} ${a:+b}",
            "${ operator text close_parameter ${ operator text close_parameter \
            ${ operator text close_parameter ${ operator text close_parameter",
        ),
        (
            "${a#b} ${a##b} ${a%b} ${a%%b}",
            "${ operator text close_parameter ${ operator text close_parameter \
            ${ operator text close_parameter ${ operator text close_parameter",
        ),
        (
            "${a/b/c} ${a//b/c} ${a/#b/c} ${a/%b/c}",
            "${ operator text close_parameter ${ operator text close_parameter \
            ${ operator text close_parameter ${ operator text close_parameter",
        ),
        (
            "${a^b} ${a^^b} ${a,b} ${a,,b}",
            "${ operator text close_parameter ${ operator text close_parameter \
            ${ operator text close_parameter ${ operator text close_parameter",
        ),
        (
            "${a:0:1} ${a: -1} ${a@Q} ${a[0]}",
            "${ operator text close_parameter ${ operator text close_parameter \
            ${ operator text close_parameter ${ operator text close_parameter",
        ),
        (
            "${a:-$b} ${a:-$(b)} ${a:-${b:-c}}",
            "${ operator parameter close_parameter \
            ${ operator $( literal ) close_parameter ${ operator ${ operator text close_parameter close_parameter",
        ),
        (
            "${a:-`b`} ${a[$(b)]}",
            "${ operator open_backquote literal close_backquote close_parameter \
            ${ operator $( literal ) text close_parameter",
        ),
        ("${a:-b;c|d&e f}", "${ operator text close_parameter"),
        // quotes and escapes inside, outside of double quotes and in them
        (r#"${a:-'}'"}"}"#, "${ operator quoted open_quote text close_quote close_parameter"),
        (r"${a:-\}\'$'\''} b", "${ operator text text quoted close_parameter literal"),
        (
            r#""${a:-"}"\}}" b"#,
            "open_quote ${ operator open_quote text close_quote text close_parameter close_quote literal",
        ),
        // a command that is run in the shell itself
        ("${ a; } ${|a;} b", "$( literal ; ) $( literal ; ) literal"),
        ("$\\\na ${a\\\n}", "parameter ${ close_parameter"),
    ]);
}

/// XCU §2.6.3, §2.6.4; bash §3.5.4 to §3.5.6, §6.5
#[test]
fn commands_arithmetic_and_processes_are_substituted() {
    posix(&[
        ("a $(b c)d", "literal $( literal literal ) JOIN literal"),
        ("$(a; (b) | c)", "$( literal ; ( literal ) | literal )"),
        ("$(case a in b) c;; esac)", "$( case literal in literal ) literal ;; esac )"),
        ("$(a # b)\n)", "$( literal newline )"),
        ("$(<a) $()", "$( < literal ) $( )"),
        ("a `b c`d", "literal open_backquote literal literal close_backquote JOIN literal"),
        (
            r"`a \`b \\\`c\\\`\``",
            "open_backquote literal open_backquote literal open_backquote literal \
            close_backquote close_backquote close_backquote",
        ),
        ("$((1 + (2 * 3))) b", "$(( text text text text )) literal"),
        ("$((a[$b] + $(c)))", "$(( text parameter text $( literal ) ))"),
        ("$((a); b)", "$(( text ) GIVEN ; literal )"),
        ("$( (a); b)", "$( ( literal ) ; literal )"),
        ("$[1 + a[2]] b", "$(( text text text text )) literal"),
        ("a <(b c) >(d)", "literal <( literal literal ) <( literal )"),
        ("a x<(b)y", "literal literal JOIN <( literal ) JOIN literal"),
        ("a 2<(b)", "literal literal JOIN <( literal )"),
    ]);
}

/// Bash §3.5.1, §3.5.2, §3.5.8; XCU §2.6.1, §2.14. What only the expansion reads in it is text.
#[test]
fn braces_tildes_and_patterns_are_text_of_a_word() {
    posix(&[
        ("{a,b} a{b,c}d {1..9} {a", "literal literal literal literal"),
        ("{a,'b'}", "literal JOIN quoted JOIN literal"),
        ("~ ~a/b ~+ a=~/b", "literal literal literal literal"),
        ("a* ?b [c-d]e [!f] [[:alpha:]]", "literal literal literal literal literal"),
    ]);
}

/// Bash §3.5.8.1
#[test]
fn an_extended_pattern_runs_to_its_parenthesis() {
    posix(&[
        ("a ?(b) *(c) +(d) @(e) !(f)", "literal ?( text ) ?( text ) ?( text ) ?( text ) ?( text )"),
        ("a b@(c|d)e", "literal literal JOIN ?( text ) JOIN literal"),
        ("a @(b;c & d\ne)f", "literal ?( text ) JOIN literal"),
        ("a @(b(c)d) e", "literal ?( text text text text text ) literal"),
        (
            r#"a @("b)"')'\)$c$(d)`e`) f"#,
            "literal ?( open_quote text close_quote quoted text parameter $( literal ) \
            open_backquote literal close_backquote ) literal",
        ),
        (
            "a 'b'@(c) $d+(e) *?(f)",
            "literal quoted JOIN ?( text ) parameter JOIN ?( text ) literal JOIN ?( text )",
        ),
        ("/b?n/@(a|b)", "literal JOIN ?( text )"),
        ("[[ a == @(b|c) ]]", "[[ literal literal ?( text ) ]]"),
        ("case a in @(b|c)) d;; esac", "case literal in ?( text ) ) literal ;; esac"),
        // before a subshell `!` is the reserved word; a name with `()` behind it is a function's
        ("!(a)", "! ( literal )"),
        ("a+() { b; }", "function { literal ; }"),
        // no pattern
        (r"a \@(b)", "literal literal ( REJECTED"),
        ("a b(c)", "literal literal ( REJECTED"),
    ]);
}

/// XCU §2.9.1; bash §3.4, §6.7
#[test]
fn assignments_stand_before_the_name() {
    posix(&[
        ("a=b", "assignment JOIN literal"),
        ("a= b", "assignment literal"),
        ("a=b c=d e f=g", "assignment JOIN literal assignment JOIN literal literal literal"),
        ("a='b'$c`d`", "assignment JOIN quoted JOIN parameter JOIN open_backquote literal close_backquote"),
        ("a+=b", "assignment JOIN literal"),
        ("a[1]=b a[b=c]+=d", "assignment JOIN literal assignment JOIN literal"),
        ("a[$b]=c", "literal JOIN parameter JOIN assignment JOIN literal"),
        ("a[$(b)+1]+= c", "literal JOIN $( literal ) JOIN assignment literal"),
        ("a=b=c", "assignment JOIN literal"),
        ("1a=b a-b=c", "literal literal"),
        ("'a'=b", "quoted JOIN literal"),
        (">a b=c", "> literal assignment JOIN literal"),
        ("a=(b 'c' $d)", "assignment JOIN ( literal quoted parameter )"),
        ("a+=(b\n# c\n[1]=d) e", "assignment JOIN ( literal newline newline literal ) literal"),
        ("a=()", "assignment JOIN ( )"),
        ("a=b(c)", "assignment JOIN literal ( REJECTED"),
        // §4.2: the commands that declare take arrays
        ("declare -a a=(b c) d=e", "literal literal assignment JOIN ( literal literal ) literal"),
        ("echo a=(b)", "literal literal ( REJECTED"),
    ]);
}

/// XCU §2.7; bash §3.6
#[test]
fn redirections_have_descriptors() {
    posix(&[
        ("a <b >c >>d >|e <>f", "literal < literal > literal > literal > literal < literal"),
        ("a>b c", "literal > literal literal"),
        (
            "a 2>b 2>&1 10>c 0<&- <&3",
            "literal descriptor > literal descriptor > literal descriptor > literal \
            descriptor < literal < literal",
        ),
        ("a b2>c", "literal literal > literal"),
        ("a {b}>c", "literal descriptor > literal"),
        ("a &>b &>>c >&d", "literal > literal > literal > literal"),
        (">a <b", "> literal < literal"),
        (">a if", "> literal literal"),
        ("a > 'b'$c", "literal > quoted JOIN parameter"),
        ("a <<<b <<< 'c d'", "literal <<< literal <<< quoted"),
    ]);
}

/// XCU §2.7.4
#[test]
fn here_documents_stand_behind_the_next_line_end() {
    posix(&[
        ("a <<B c\nd\nB\ne", "literal << literal literal newline open_document text close_document literal"),
        ("a <<B\nB", "literal << literal newline open_document close_document"),
        (
            "a <<B\n$c `d` ${e} $((1)) \\$f \"g\"\nB",
            "literal << literal newline open_document parameter text \
            open_backquote literal close_backquote text ${ close_parameter text $(( text )) text text text close_document",
        ),
        ("a <<'B'\n$c `d`\nB\n", "literal << quoted newline open_document text close_document"),
        ("a <<\\B\n$c\nB\n", "literal << literal newline open_document text close_document"),
        (
            "a <<\"B c\"\n$d\nB c\n",
            "literal << open_quote text close_quote newline open_document text close_document",
        ),
        ("a <<-B\n\tb\n\t\tB\nc", "literal << literal newline open_document text close_document literal"),
        ("a <<B\n\tB\nB\nc", "literal << literal newline open_document text close_document literal"),
        (
            "a <<B <<C\nB\nC\nd",
            "literal << literal << literal newline open_document close_document \
            open_document close_document literal",
        ),
        ("a <<''\nb\n\nc", "literal << quoted newline open_document text close_document literal"),
        ("a <<b/c\nc\nb/c\nd", "literal << literal newline open_document text close_document literal"),
        ("a <<$b\n$b\nc", "literal << parameter newline open_document close_document literal"),
        ("a <<B | c; d\nB\n", "literal << literal | literal ; literal newline open_document close_document"),
        ("a <<B\nb", "literal << literal newline open_document text"),
    ]);
    let long = "B".repeat(300);
    let value = format!("a <<{long}\nb\n{long}\nc");
    posix(&[(&value, "literal << literal newline open_document text close_document literal")]);
}

/// XCU §2.9.2 to §2.9.4, §2.10; bash §3.2.2 to §3.2.4
#[test]
fn control_operators_part_commands() {
    posix(&[
        ("a;b&c&&d||e|f|&g", "literal ; literal & literal && literal || literal | literal | literal"),
        ("a\nb\r\nc", "literal newline literal newline literal"),
        ("a &&\n\nb", "literal && newline newline literal"),
        ("! a | b", "! literal | literal"),
        ("time a; time -p b", "! literal ; ! literal"),
        ("a | time b", "literal | literal literal"),
        ("a;;b", "literal UNBALANCED literal"),
        ("a &; b", "literal & ; REJECTED"),
    ]);
}

/// XCU §2.3, item 9; bash §3.1.3
#[test]
fn a_comment_begins_a_word() {
    posix(&[
        ("a # b ; c\nd", "literal newline literal"),
        ("#a", ""),
        ("a#b c#", "literal literal"),
        ("a '#'# b", "literal quoted JOIN literal literal"),
        ("a $b# c", "literal parameter JOIN literal literal"),
        ("a;#b\nc", "literal ; newline literal"),
        ("a # b \\\nc", "literal newline literal"),
    ]);
}

/// XCU §2.4, §2.9.4, §2.9.5; bash §3.2.5, §3.2.6, §3.3
#[test]
fn reserved_words_are_reserved_where_a_command_begins() {
    posix(&[
        ("(a; b) >c", "( literal ; literal ) > literal"),
        ("{ a; b; } | c", "{ literal ; literal ; } | literal"),
        ("{a} }", "literal literal"),
        (
            "if a; then b; elif c; then d; else e; fi",
            "if literal ; then literal ; elif literal ; then literal ; else literal ; fi",
        ),
        ("i\\f a", "literal JOIN literal literal"),
        ("a if then", "literal literal literal"),
        (
            "while a; do b; done <c; until d\ndo e\ndone",
            "while literal ; do literal ; done < literal ; while literal newline do literal newline done",
        ),
        ("for a in b $c; do d; done", "for literal in literal parameter ; do literal ; done"),
        ("for a\nin b\ndo c; done", "for literal newline in literal newline do literal ; done"),
        ("for a\ndo b; done", "for literal newline do literal ; done"),
        ("for a do b; done", "for literal do literal ; done"),
        ("for ((a=1; a<2; a++)); do b; done", "for (( text )) ; do literal ; done"),
        ("for a in b; { c; }; d", "for literal in literal ; { literal ; } ; literal"),
        ("select a in b; do c; done", "for literal in literal ; do literal ; done"),
        (
            "case a in b|c) d;; (e) f;& *) g;;& esac",
            "case literal in literal | literal ) literal ;; ( literal ) literal ;; literal ) literal ;; esac",
        ),
        ("case a in\nb) c\nesac; d", "case literal in newline literal ) literal newline esac ; literal"),
        ("case a in esac", "case literal in esac"),
        ("((a + 1)) && b", "(( text )) && literal"),
        ("((a) | b)", "(( text ) GIVEN | literal )"),
        (
            "[[ -n $a && ! ( b < c ) || d =~ ^(e|f)$ ]] && g",
            "[[ literal parameter && ! ( literal < literal ) || literal literal literal ( literal | literal ) literal ]] && literal",
        ),
        ("[ a = b ]", "literal literal literal literal literal"),
        ("a() { b; }", "function { literal ; }"),
        ("a () (b) >c", "function ( literal ) > literal"),
        ("a ( )\n{ b; }", "function newline { literal ; }"),
        ("function a { b; }; function c-d () { e; }", "function { literal ; } ; function { literal ; }"),
        ("coproc a b; coproc { c; }", "! literal literal ; ! { literal ; }"),
        ("coproc a { b; }", "! { literal ; }"),
        (
            "a; fi; b) c; done",
            "literal ; UNBALANCED GIVEN ; literal UNBALANCED GIVEN literal ; UNBALANCED GIVEN",
        ),
    ]);
}

/// What a value leaves, and what it does not, where it lands.
#[test]
fn a_value_begins_inside_of_what_the_program_opened() {
    holds(
        Dialect::Posix,
        Start::Argument,
        &[
            ("a; if b", "literal ; if literal"),
            ("if a; b", "literal literal ; literal"),
            ("a) ; b", "literal UNBALANCED GIVEN ; literal"),
            ("", ""),
        ],
    );
    holds(
        Dialect::Posix,
        Start::DoubleQuoted,
        &[
            ("a'; b", "open_quote text"),
            (r#"a\"; b"#, "open_quote text text text"),
            (r#"a"; b "c"#, "open_quote text close_quote ; literal open_quote text"),
            ("a$(b)`c`", "open_quote text $( literal ) open_backquote literal close_backquote"),
        ],
    );
    holds(
        Dialect::Posix,
        Start::SingleQuoted,
        &[(r#"a"$(b)`c`\"#, ""), ("a'; b 'c", "quoted ; literal quoted"), (r"a\'; b", "quoted ; literal")],
    );
    holds(
        Dialect::Posix,
        Start::Backquoted,
        &[
            ("a`; b", "open_backquote GIVEN literal close_backquote ; literal"),
            ("a; b", "open_backquote GIVEN literal ; literal"),
        ],
    );
    holds(Dialect::Posix, Start::Substitution, &[("a); b", "$( GIVEN literal ) ; literal")]);
    holds(
        Dialect::Posix,
        Start::HereDocument,
        &[
            ("a\n\"b'; c", "text"),
            (
                "$(a) `b` \\$c $d",
                "$( literal ) text open_backquote literal close_backquote text text text parameter",
            ),
        ],
    );
    holds(
        Dialect::Posix,
        Start::Environment,
        &[("() { a; }; b", "function { literal ; } ; literal"), ("a; b", "")],
    );
}

// ---------------------------------------------------------------------------------------------
// cmd.exe (Microsoft, "Windows Commands": `cmd`, `set`, `for`, `if`, `call`, `rem`, `goto`,
// command redirection operators)

/// `cmd`: special characters
#[test]
fn a_caret_escapes_and_quotes_toggle() {
    cmd(&[
        ("a ^& b ^| c^>d", "literal literal literal literal literal JOIN literal JOIN literal"),
        ("d^i^r", "literal JOIN literal JOIN literal"),
        ("a ^^ ^\"b & c", "literal literal literal JOIN literal & literal"),
        ("a^\nb", "literal JOIN literal"),
        ("a ^\r\n b", "literal literal"),
        ("a ^\n& b", "literal literal literal"),
        ("a ^", "literal literal"),
        ("a \"b & c | d > e ^\" f & g", "literal open_quote text close_quote literal & literal"),
        ("a \"b\" \"c & d", "literal open_quote text close_quote open_quote text"),
        ("a\"b\"c", "literal JOIN open_quote text close_quote JOIN literal"),
        ("a \"b & c\nd", "literal open_quote text close_quote newline literal"),
        ("a 'b & c'", "literal literal & literal"),
        ("a `b` $c {d} #e \\f", "literal literal literal literal literal literal"),
    ]);
}

/// `set /?`, `call /?`, `for /?`
#[test]
fn percent_and_exclamation_signs_expand() {
    cmd(&[
        ("%a% %A_1% %ProgramFiles(x86)%", "parameter parameter parameter"),
        ("%a:~1,2% %a:~-3% %a:b=c% %a:*b=%", "parameter parameter parameter parameter"),
        ("a%b%c", "literal JOIN parameter JOIN literal"),
        ("%1 %* %%i %i", "parameter parameter parameter parameter"),
        ("%~1 %~dp0 %%~nxi %~$PATH:1", "parameter parameter parameter parameter"),
        ("!a! !a:~1,2! !a:b=c!", "parameter parameter parameter"),
        (
            "a \"%b% !c! %% 5%\"",
            "literal open_quote parameter text parameter text text text text text close_quote",
        ),
        ("a 50% b! ^%c", "literal literal JOIN literal literal JOIN literal literal JOIN literal"),
    ]);
}

/// `cmd`, `goto`, `rem`
#[test]
fn operators_blocks_and_remarks() {
    cmd(&[
        ("a&b&&c|d||e", "literal & literal && literal | literal || literal"),
        ("a\r\nb", "literal newline literal"),
        ("a,b;c=d\x0be\x0cf", "literal literal literal literal literal literal"),
        (";,= a", "literal"),
        ("@a & @@b & @(c)", "literal & literal & ( literal )"),
        ("(a & b) && c", "( literal & literal ) && literal"),
        ("(a\nb\n)", "( literal newline literal newline )"),
        ("a (b) & c", "literal literal JOIN literal UNBALANCED GIVEN & literal"),
        ("a(b", "literal JOIN literal JOIN literal"),
        ("(a (b) & c", "( literal literal JOIN literal ) & literal"),
        ("a) & b", "literal UNBALANCED GIVEN & literal"),
        ("rem a & b\nc", "literal newline literal"),
        ("a & REM \"b & c", "literal & literal"),
        ("rem & a", "literal & literal"),
        ("remark a & b", "literal literal & literal"),
        (":: a & b\nc", "newline literal"),
        ("::a & b", ""),
        (":a & b\nc & :d & e", "newline literal &"),
        ("a :: b & c", "literal literal literal & literal"),
    ]);
}

/// Command redirection operators
#[test]
fn redirections_of_cmd_have_one_digit() {
    cmd(&[
        (
            "a >b 2>nul 2>&1 <c >>d",
            "literal > literal descriptor > literal descriptor > literal < literal > literal",
        ),
        ("a>b&c", "literal > literal & literal"),
        ("a2>b", "literal > literal"),
        ("a 10>b", "literal literal > literal"),
        (">a b", "> literal literal"),
    ]);
}

/// `for /?`, `if /?`
#[test]
fn for_and_if_have_words_before_their_commands() {
    cmd(&[
        ("for %i in (a b,c) do d %i", "FOR parameter IN ( literal literal literal ) DO literal parameter"),
        (
            "FOR /F \"tokens=*\" %%i IN ('a ^| b') DO @c %%i",
            "FOR literal open_quote text close_quote parameter IN ( literal literal literal ) DO literal parameter",
        ),
        (
            "for /l %i in (1,1,9) do (a & b)",
            "FOR literal parameter IN ( literal literal literal ) DO ( literal & literal )",
        ),
        ("for %i in (a\nb) do c & d", "FOR parameter IN ( literal newline literal ) DO literal & literal"),
        ("for me in the end", "FOR literal IN literal REJECTED"),
        ("if a==b c d & e", "IF literal literal DO literal literal & literal"),
        (
            "if \"%a%\" == \"b\" c",
            "IF open_quote parameter close_quote open_quote text close_quote DO literal",
        ),
        ("IF /I NOT a EQU b c", "IF literal literal literal literal literal DO literal"),
        ("if not exist a b", "IF literal literal literal DO literal"),
        ("if defined a (b) else c", "IF literal literal DO ( literal ) ELSE literal"),
        (
            "if errorlevel 1 (a) else if b==c (d) else e",
            "IF literal literal DO ( literal ) ELSE IF literal literal DO \
            ( literal ) ELSE literal",
        ),
        ("if a==b if c==d e", "IF literal literal DO IF literal literal DO literal"),
        ("if a==b @c", "IF literal literal DO literal"),
        ("if you want", "IF literal unknown REJECTED"),
        ("a else b", "literal literal literal"),
    ]);
}

// ---------------------------------------------------------------------------------------------
// PowerShell (Windows PowerShell Language Specification, chapter 2 "Lexical structure", and the
// pages about_Parsing, about_Redirection, about_Pipeline_Chain_Operators)

/// §2.2
#[test]
fn lines_blanks_and_comments() {
    powershell(&[
        ("a\nb\r\nc\rd", "literal newline literal newline literal newline literal"),
        ("a `\nb `\r\nc", "literal literal literal"),
        (
            "a\tb\x0bc\x0cd\u{a0}e\u{2003}f\u{3000}g",
            "literal literal literal literal literal literal literal",
        ),
        ("é ‐ 中 ‧", "literal literal literal literal"),
        ("a # b ; c\nd", "literal newline literal"),
        ("a#b ;# c", "literal ;"),
        ("a <# b ; \n # c #> d", "literal literal"),
        ("a<# b #>c <# d", "literal literal"),
    ]);
}

/// §2.3.2, §2.3.3
#[test]
fn variables_have_scopes_and_braces() {
    powershell(&[
        (
            "$a $env:PATH $script:b $_ $1 $$ $? $^",
            "parameter parameter parameter parameter parameter parameter \
            parameter parameter",
        ),
        ("${a} ${env:ProgramFiles(x86)} ${a b;c}", "parameter parameter parameter"),
        ("$a?b $a.b $a::c", "parameter parameter JOIN literal parameter JOIN literal"),
        ("$ a$ @b", "literal literal JOIN literal literal"),
        ("$a = 'b'; & $a", "parameter literal quoted ; ! parameter"),
    ]);
}

/// §2.3.5.2, §2.3.7
#[test]
fn strings_have_four_forms() {
    powershell(&[
        ("a 'b $c \"d`' e", "literal quoted literal"),
        ("a 'b''c' ''", "literal quoted quoted"),
        ("a ‘b’’c‚ ‛d' e", "literal quoted quoted literal"),
        ("a \"b'c;d|e\"", "literal open_quote text close_quote"),
        (
            "a \"b\"\"c\" \"\" d",
            "literal open_quote text text text close_quote open_quote close_quote literal",
        ),
        ("a \"b `\" `$c\"", "literal open_quote text text text text text close_quote"),
        ("a “b‘” d", "literal open_quote text close_quote literal"),
        (
            "a \"$b ${c} $(d 'e' \"f\") @(g)\"",
            "literal open_quote parameter text parameter text \
            $( literal quoted open_quote text close_quote ) text close_quote",
        ),
        ("a @'\nb' 'c\n'd\n'@ e", "literal quoted literal"),
        ("a @'\r\n'@", "literal quoted"),
        (
            "a @\"\nb \"c\" $d $(e)\n\"@ f",
            "literal open_quote text text parameter text $( literal ) \
            close_quote literal",
        ),
        ("a @“ \nb\n”@", "literal open_quote text text close_quote"),
        ("a @'b'", "literal literal JOIN quoted"),
        (
            "a `$b `; c` d`'e",
            "literal literal JOIN literal literal literal JOIN literal JOIN literal JOIN literal JOIN literal",
        ),
        ("a 'b", "literal quoted"),
    ]);
}

/// §2.3.6, §7.1, §8.2: operators and punctuators, statements
#[test]
fn operators_part_commands_of_powershell() {
    powershell(&[
        ("a;b|c&&d||e", "literal ; literal | literal && literal || literal"),
        ("a;;b; ;\n;c;", "literal ; literal ; newline literal ;"),
        ("a|;b", "literal | ; REJECTED"),
        ("a & b", "literal & literal"),
        ("& 'a' b", "! quoted literal"),
        ("a;&$b", "literal ; ! parameter"),
        (". a; . $b", "! literal ; ! parameter"),
        (".\\a .b", "literal literal"),
        (
            "a > b 2>> c 2>&1 *> d 3>&1",
            "literal > literal descriptor > literal descriptor > literal descriptor > literal \
            descriptor > literal",
        ),
        ("a -EncodedCommand b -Path:c -d", "literal literal literal literal literal"),
        ("1 0x1f 1kb 1.5e3 1..9", "literal literal literal literal literal"),
        ("a -eq b", "literal literal literal"),
    ]);
}

/// §7.1.1, §7.1.6, §7.1.7, §7.1.9, §8.10.9
#[test]
fn blocks_run_where_they_stand() {
    powershell(&[
        ("a (b c) d", "literal $( literal literal ) literal"),
        ("a $(b;c) @(d;e)", "literal $( literal ; literal ) $( literal ; literal )"),
        ("&{a;b} c", "! $( literal ; literal ) literal"),
        ("@{a=1;b=(c)}", "$( literal ; literal JOIN $( literal ) )"),
        ("a | b { $_ } | c", "literal | literal $( parameter ) | literal"),
        ("[a.b]::c('d')", "literal JOIN $( quoted )"),
        ("if (a) {b} else {c}", "literal $( literal ) $( literal ) literal $( literal )"),
        ("a) ; b} c", "literal UNBALANCED GIVEN ; literal UNBALANCED GIVEN literal"),
    ]);
}

/// about_Parsing: the stop-parsing token
#[test]
fn behind_the_stop_parsing_token_words_are_verbatim() {
    powershell(&[
        ("a --% b;c $d (e) 'f\ng", "literal literal literal literal literal literal newline literal"),
        ("a --% \"b | c\" d | e && f", "literal literal literal literal | literal && literal"),
        ("a --%b; c", "literal literal ; literal"),
        ("--% a; b", "literal literal ; literal"),
    ]);
}

/// What a value leaves where it lands.
#[test]
fn a_value_of_powershell_begins_inside_of_quotes() {
    holds(
        Dialect::PowerShell,
        Start::SingleQuoted,
        &[("a''; b", ""), ("a'; b", "quoted ; literal"), ("a’; b", "quoted ; literal")],
    );
    holds(
        Dialect::PowerShell,
        Start::DoubleQuoted,
        &[
            ("a\"\"; b", "open_quote text text text"),
            ("a`\"; b", "open_quote text text text"),
            ("a\"; b", "open_quote text close_quote ; literal"),
            ("a”; b", "open_quote text close_quote ; literal"),
            ("a$(b)", "open_quote text $( literal )"),
        ],
    );
    holds(
        Dialect::Cmd,
        Start::DoubleQuoted,
        &[
            ("a & b", "open_quote text"),
            ("a\n& b", "open_quote text"),
            ("a\" & b", "open_quote text close_quote & literal"),
        ],
    );
}
