//! `explain`: why a value is an attack, or why it is none, for a reader who did not write the
//! grammar.

use std::io::{self, Write};

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};
use syntrap::{
    Context, ContextKind, Detector, Effects, Finding, Instruction, Policy, Report, Trace, Verdict,
};

use crate::args::ExplainOptions;
use crate::output::{self, BOLD, DIM, Failure, GOOD, Output, Status, WARN};
use crate::shown::Shown;

/// Runs the command.
pub fn run(options: &ExplainOptions) -> Result<Status, Failure> {
    let detector = options.detector.build_thorough()?;
    let value = options.string.value()?;
    let explanation = Explanation {
        report: detector.scan(&value),
        policy: options.detector.policy.name(),
        shown: Shown::new(&value),
        value: &value,
        detector: &detector,
    };
    let mut output = output::stdout();
    if explanation.report.is_attack() {
        explanation.attack(&mut output)?;
    } else {
        explanation.no_attack(&mut output)?;
    }
    output.finish()?;
    Ok(match explanation.report.is_attack() {
        true => Status::Found,
        false => Status::NotFound,
    })
}

struct Explanation<'a> {
    value: &'a [u8],
    shown: Shown,
    report: Report,
    detector: &'a Detector,
    /// The policy's name.
    policy: &'static str,
}

impl Explanation<'_> {
    /// Each finding: what was read, what of it acts, and why that matters. Contexts that found
    /// the same are told about together.
    fn attack(&self, output: &mut Output) -> io::Result<()> {
        let mut findings = self.report.findings.iter().peekable();
        while let Some(finding) = findings.next() {
            let mut contexts = vec![finding.context];
            while let Some(same) = findings.next_if(|other| alike(finding, other)) {
                contexts.push(same.context);
            }
            self.finding(output, finding, &contexts)?;
        }
        Ok(())
    }

    fn finding(&self, output: &mut Output, finding: &Finding, contexts: &[Context]) -> io::Result<()> {
        let names: Vec<_> = contexts.iter().map(|context| context.name()).collect();
        let (policy, kind) = (self.policy, finding.kind);
        let title = format!("{} ({kind})", names.join(", "));
        let mut snippet = self.snippet(&finding.instructions);
        let rest = finding.span.end..self.value.len();
        // a comment that cuts off the rest is an instruction itself
        let told = |instruction: &Instruction| instruction.span.end > rest.start;
        if !rest.is_empty() && !finding.instructions.iter().any(told) {
            snippet = snippet.annotation(
                AnnotationKind::Context.span(self.shown.span(&rest)).label("behind what was accepted"),
            );
        }
        let group = Level::ERROR.with_name("attack").primary_title(title);
        let places = contexts.iter();
        let mut notes: Vec<_> = places.map(|&context| place(context, finding.dialect)).collect();
        notes.push(format!("it {}", deeds(finding.effects)));
        let forbidden = forbidden(self.detector.policy(), kind) & finding.effects;
        let article = article(kind);
        notes.push(format!("the {policy} policy forbids {forbidden} in {article} context"));
        render(output, group.element(snippet), notes)?;
        self.tokens(output, finding.context, finding.dialect)
    }

    /// Each context: how far it got, and what stopped it.
    fn no_attack(&self, output: &mut Output) -> io::Result<()> {
        let contexts = self.detector.contexts();
        let (count, policy) = (contexts.iter().count(), self.policy);
        match self.report.verdict {
            Verdict::Undecided(reason) => writeln!(
                output,
                "{WARN}undecided{WARN:#}: {reason}; until then the value did nothing that the \
                 {policy} policy forbids"
            )?,
            _ => writeln!(
                output,
                "{GOOD}benign{GOOD:#}: in none of {count} contexts does the value do what the \
                 {policy} policy forbids"
            )?,
        }
        let traces = self.detector.trace(self.value);
        if let Some(trace) = traces.iter().rev().max_by_key(|trace| trace.accepted.end) {
            self.furthest(output, trace)?;
        }
        let width = contexts.iter().map(|context| context.name().len()).max();
        let width = width.unwrap_or(0);
        let mut untried = Vec::new();
        for context in contexts.iter() {
            let outcomes = self.outcomes(&traces, context);
            if outcomes.is_empty() {
                untried.push(context.name());
            }
            let name = context.name();
            for (outcome, dialects) in outcomes {
                write!(output, "  {BOLD}{name:width$}{BOLD:#}  {outcome}")?;
                writeln!(output, "{DIM}{dialects}{DIM:#}")?;
            }
        }
        if !untried.is_empty() {
            let untried = untried.join(", ");
            writeln!(output, "  it has nothing that could make it more than data in {untried}")?;
        }
        Ok(())
    }

    /// The trace that read most of the value, underlined.
    fn furthest(&self, output: &mut Output, trace: &Trace) -> io::Result<()> {
        let accepted = AnnotationKind::Context.span(self.shown.span(&trace.accepted)).label("fits");
        let mut snippet = self.snippet(&trace.instructions).annotation(accepted);
        if let Some(rejected) = &trace.rejected {
            let span = self.shown.span(rejected);
            let label = "nothing of the language goes on like this";
            snippet = snippet.annotation(AnnotationKind::Primary.span(span).label(label));
        }
        let title = format!("{} got furthest", trace.context);
        let group = Level::NOTE.no_name().primary_title(title).element(snippet);
        render(output, group, vec![place(trace.context, trace.dialect)])?;
        self.tokens(output, trace.context, trace.dialect)
    }

    /// What became of a context, once for all dialects that read the value alike.
    fn outcomes(&self, traces: &[Trace], context: Context) -> Vec<(String, String)> {
        let mut outcomes: Vec<(String, Vec<&str>)> = Vec::new();
        for trace in traces.iter().filter(|trace| trace.context == context) {
            let outcome = self.outcome(trace);
            match outcomes.iter_mut().find(|(known, _)| *known == outcome) {
                Some((_, dialects)) => dialects.push(trace.dialect),
                None => outcomes.push((outcome, vec![trace.dialect])),
            }
        }
        let several = outcomes.len() > 1;
        let dialects = |dialects: Vec<_>| match several {
            true => format!(" ({})", dialects.join(", ")),
            false => String::new(),
        };
        let outcomes = outcomes.into_iter();
        outcomes.map(|(text, names)| (text, dialects(names))).collect()
    }

    fn outcome(&self, trace: &Trace) -> String {
        if let Some(reason) = trace.undecided {
            return format!("undecided: {reason}");
        }
        let kind = trace.context.kind();
        if !trace.effects.is_empty() {
            let verb = if self.detector.policy().forbids(kind, trace.effects) { "forbids" } else { "allows" };
            return format!("it {}, which the {} policy {verb}", deeds(trace.effects), self.policy);
        }
        let noted = trace.instructions.first();
        let noted = noted.map(|instruction| instruction.kind);
        match (&trace.rejected, noted) {
            (Some(at), None) => {
                let text = excerpt(&self.value[at.clone()]);
                format!("stops at `{text}` (byte {})", at.start)
            }
            (Some(at), Some(kind)) => {
                let text = excerpt(&self.value[at.clone()]);
                let start = at.start;
                format!("has a {kind}, but stops at `{text}` (byte {start}), and text may hold one")
            }
            (None, Some(kind)) => format!("has a {kind}, but of a form that text may have too"),
            (None, None) if trace.accepted.is_empty() => "stays inside of its literal".to_owned(),
            (None, None) => "fits, but holds no instruction that counts".to_owned(),
        }
    }

    /// The value with its instructions underlined.
    fn snippet(&self, instructions: &[Instruction]) -> Snippet<'_, annotate_snippets::Annotation<'_>> {
        let annotations = instructions.iter().map(|instruction| {
            let label = match instruction.effects.is_empty() {
                true => instruction.kind.to_owned(),
                false => format!("{}: {}", instruction.kind, instruction.effects),
            };
            AnnotationKind::Primary.span(self.shown.span(&instruction.span)).label(label)
        });
        Snippet::source(self.shown.text.as_str()).annotations(annotations)
    }

    /// The tokens, with the name of its kind under each.
    fn tokens(&self, output: &mut Output, context: Context, dialect: &str) -> io::Result<()> {
        let tokens = context.tokens(self.value, Some(dialect)).unwrap_or_default();
        crate::shown::write_tokens(output, &self.shown, &tokens)
    }
}

fn render(output: &mut Output, group: Group<'_>, notes: Vec<String>) -> io::Result<()> {
    let notes = notes.into_iter();
    let group = group.elements(notes.map(|note| Level::NOTE.no_name().message(note)));
    writeln!(output, "{}\n", Renderer::styled().render(&[group]))
}

/// Whether two findings differ only in their contexts.
fn alike(one: &Finding, other: &Finding) -> bool {
    let what = |finding: &Finding| (finding.kind, finding.dialect, finding.effects);
    what(one) == what(other) && one.span == other.span && one.instructions == other.instructions
}

fn place(context: Context, dialect: &str) -> String {
    format!("{}, as {dialect} reads it", context.description())
}

fn article(kind: ContextKind) -> &'static str {
    match kind {
        ContextKind::Injection => "an injection",
        ContextKind::Command => "a command",
    }
}

fn forbidden(policy: &Policy, kind: ContextKind) -> Effects {
    match kind {
        ContextKind::Injection => policy.injection,
        ContextKind::Command => policy.command,
    }
}

/// How much of a part of the value a sentence quotes, in characters.
const QUOTE: usize = 40;

fn excerpt(bytes: &[u8]) -> String {
    let text = output::escape(bytes);
    match text.char_indices().nth(QUOTE) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}

/// What effects are, as the end of a sentence that begins with "it".
fn deeds(effects: Effects) -> String {
    let deeds: Vec<_> = effects.iter().map(deed).collect();
    match &deeds[..] {
        [] => "does nothing".to_owned(),
        [one] => (*one).to_owned(),
        [others @ .., last] => format!("{} and {last}", others.join(", ")),
    }
}

fn deed(effect: Effects) -> &'static str {
    match effect {
        Effects::READ => "reads stored data",
        Effects::WRITE => "changes stored data",
        Effects::DEFINE => "changes what data is stored in",
        Effects::DESTROY => "removes stored data",
        Effects::EXECUTE => "runs code",
        Effects::FILE => "reads or writes a file",
        Effects::NETWORK => "talks to another host",
        Effects::DELAY => "takes time that it chooses",
        Effects::LOGIC => "decides the truth of a condition",
        Effects::DISCLOSE => "tells about the server",
        Effects::GRANT => "changes accounts and privileges",
        Effects::ADMINISTER => "runs the server",
        Effects::COMPUTE => "computes where a plain value was expected",
        Effects::TRUNCATE => "cuts off the rest of the program's text",
        Effects::ARRANGE => "changes the order or number of results",
        _ => "has an effect that this program has no words for",
    }
}
