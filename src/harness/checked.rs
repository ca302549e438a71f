//! A calibration looked at before hours are spent: one evaluation of the baseline on every slice, and what follows from it.

use std::collections::BTreeMap;

use super::stopwatch::Stopwatch;
use super::tried::{Bench, usage};
use crate::artifacts::{Problem, Tried, TriedFinding};
use crate::audit::{Metric, Rule};
use crate::number::general;
use crate::objective::{Evaluation, Outcome, Params, Role};
use crate::pipeline::{Planned, Study};
use crate::search::{RandomSearch, Search};
use crate::stats::{Paired, paired, student_bound};

/// Draws that say how much gains vary from block to block.
const DRAWS: u64 = 5;

/// Metrics that are named.
const NAMED: usize = 12;

/// Looks at everything. The holdout is evaluated, so that an hour is not lost to one that cannot be, and no figure of it is
/// told; of test neither, which is not asked about a candidate.
pub(super) fn checked(bench: &mut Bench<'_>, study: Option<&Study>) -> Result<Tried, Problem> {
    let baseline = bench.baseline();
    let mut tried = Tried::default();
    let train = bench.evaluate(Role::Train, &baseline)?;
    // The second time nothing is loaded and no program started any more.
    let watch = Stopwatch::start();
    let again = bench.evaluate(Role::Train, &baseline)?;
    let seconds = watch.read().as_secs_f64();
    let findings = &mut tried.findings;
    findings.push(space(bench));
    findings.push(answered(Role::Train, &train, bench, Some(seconds)));
    for role in [Role::Test, Role::Validation, Role::Holdout] {
        if bench.serves(role) {
            let outcome = bench.evaluate(role, &baseline)?;
            findings.push(answered(role, &outcome, bench, None));
            findings.extend(other_metrics(role, &train, &outcome));
        }
    }
    findings.extend(identities(bench));
    findings.extend(constraints(bench, &baseline, &train));
    findings.push(deterministic(bench, &train, &again));
    findings.push(planned(bench, &baseline, study, seconds));
    let gains = visible(bench, &baseline, &train)?;
    tried.findings.extend(gains);
    if bench.serves(Role::Holdout) {
        tried
            .notes
            .push("The holdout answered. No figure of it is shown, so this does not count as a look.".to_owned());
    }
    Ok(tried)
}

fn finding(what: &str, found: impl Into<String>, ok: bool) -> TriedFinding {
    TriedFinding { what: what.to_owned(), found: found.into(), ok }
}

fn space(bench: &Bench<'_>) -> TriedFinding {
    let specs = bench.declaration.space.specs();
    let shown: Vec<String> =
        specs.iter().take(NAMED).map(|spec| format!("{} {}", spec.name, spec.describe())).collect();
    let more = if specs.len() > NAMED { format!(", and {} more", specs.len() - NAMED) } else { String::new() };
    finding("space", format!("{} parameters: {}{more}", specs.len(), shown.join(", ")), !specs.is_empty())
}

fn answered(role: Role, outcome: &Outcome, bench: &Bench<'_>, seconds: Option<f64>) -> TriedFinding {
    let evaluation = match &outcome.result {
        Ok(evaluation) => evaluation,
        Err(failure) => return finding(role.name(), format!("the baseline has no answer: {}", failure.reason), false),
    };
    let found = match seconds {
        Some(seconds) => format!("fitness {} in {} s", general(evaluation.fitness, 6), general(seconds, 2)),
        None => "answers".to_owned(),
    };
    let blocks = match (bench.declaration.config.blocks, evaluation.blocks.len()) {
        (None, 0) => String::new(),
        (_, blocks) => format!(", {blocks} blocks"),
    };
    let found = format!("{found}, {} samples{blocks}{}", evaluation.samples, metrics(evaluation));
    finding(role.name(), found, true)
}

fn metrics(evaluation: &Evaluation) -> String {
    let names: Vec<&str> = evaluation.metadata.keys().map(String::as_str).collect();
    let more = if names.len() > NAMED { format!(" and {} more", names.len() - NAMED) } else { String::new() };
    if names.is_empty() {
        String::new()
    } else {
        format!(", metrics {}{more}", names.iter().take(NAMED).copied().collect::<Vec<_>>().join(" "))
    }
}

/// A metric that one slice has and another has not is most often a name that was mistyped.
fn other_metrics(role: Role, train: &Outcome, other: &Outcome) -> Option<TriedFinding> {
    let (train, other) = (train.evaluation()?, other.evaluation()?);
    let lost: Vec<&str> =
        train.metadata.keys().filter(|name| !other.metadata.contains_key(*name)).map(String::as_str).collect();
    (!lost.is_empty()).then(|| {
        let found = format!("{role} has no {}, which train has", lost.join(" "));
        finding("metrics", found, false)
    })
}

fn identities(bench: &Bench<'_>) -> Vec<TriedFinding> {
    let roles = &bench.declaration.roles;
    let nameless: Vec<&str> = roles.iter().filter(|(_, data)| data.is_empty()).map(|(role, _)| role.name()).collect();
    let mut data: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (role, identity) in roles.iter().filter(|(_, identity)| !identity.is_empty()) {
        data.entry(identity).or_default().push(role.name());
    }
    let twice = data
        .values()
        .filter(|roles| roles.len() > 1)
        .map(|roles| finding("data", format!("{} say that they are the same data", roles.join(" and ")), false));
    let mut found: Vec<TriedFinding> = twice.collect();
    if !nameless.is_empty() {
        found.push(finding(
            "data",
            format!("{} do not say which data they have (`identity`)", nameless.join(", ")),
            true,
        ));
    }
    if found.is_empty() {
        found.push(finding("data", "each slice names other data", true));
    }
    found
}

fn constraints(bench: &Bench<'_>, baseline: &Params, train: &Outcome) -> Vec<TriedFinding> {
    let Some(evaluation) = train.evaluation() else { return Vec::new() };
    let unread = bench.declaration.constraints.iter().filter_map(|constraint| {
        let why = match constraint.rule {
            Rule::Typed { .. } => constraint.measure(baseline, evaluation).err()?,
            Rule::Opaque(_) => return None,
        };
        Some(finding("constraint", format!("{} cannot be read: {why}", constraint.name), false))
    });
    let unread: Vec<TriedFinding> = unread.collect();
    if unread.is_empty() && !bench.declaration.constraints.is_empty() {
        let kept = if train.feasibility.is_feasible() {
            "the baseline keeps all of them"
        } else {
            "the baseline violates some"
        };
        return vec![finding(
            "constraints",
            format!("{} can be read; {kept}", bench.declaration.constraints.len()),
            true,
        )];
    }
    unread
}

/// What differs, as the gate `deterministic` asks it: fitness by its declared noise, and of metrics those that decide.
fn deterministic(bench: &Bench<'_>, first: &Outcome, again: &Outcome) -> TriedFinding {
    let (Some(one), Some(other)) = (first.evaluation(), again.evaluation()) else {
        return finding("again", "the baseline has no two answers to be compared", first.result.is_err());
    };
    let noise = bench.declaration.config.strict.noise;
    let mut moved = Vec::new();
    if (one.fitness - other.fitness).abs() > noise || (noise == 0.0 && one.samples != other.samples) {
        moved.push(format!("fitness {} and again {}", general(one.fitness, 17), general(other.fitness, 17)));
    }
    let tolerated = bench.declaration.acceptance.noise();
    for constraint in &bench.declaration.constraints {
        if let Rule::Typed { metric: Metric::Metadata(name), .. } = &constraint.rule
            && !tolerated.iter().any(|known| known.metric == format!("metadata.{name}"))
            && one.metadata.get(name) != other.metadata.get(name)
        {
            moved.push(format!("{name}, which the constraint {} reads", constraint.name));
        }
    }
    let others = one.metadata.iter().filter(|(name, value)| other.metadata.get(*name) != Some(*value)).count();
    match (moved.is_empty(), others) {
        (true, 0) => finding("again", "the same answer", true),
        (true, others) => {
            finding("again", format!("the same fitness; {others} metrics that decide nothing differ"), true)
        }
        (false, _) => finding("again", format!("another answer: {}", moved.join(", ")), false),
    }
}

fn planned(bench: &Bench<'_>, baseline: &Params, study: Option<&Study>, seconds: f64) -> TriedFinding {
    let config = &bench.declaration.config;
    let (evaluations, of) = match study {
        Some(study) => {
            let (picked, all) = (study.again.len(), study.counts.trials);
            (Some(Planned::of_study(config, picked)), format!(", {picked} of the {all} trials of the study among them"))
        }
        None => {
            let planned = Planned::of(config, &bench.declaration.space, baseline);
            (planned.map(|planned| planned.total()), String::new())
        }
    };
    match evaluations {
        None => finding("planned", "only your own optimizer knows how many evaluations it makes", true),
        Some(evaluations) => {
            let took = seconds * evaluations as f64 / bench.threads as f64;
            let threads = if bench.threads == 1 { String::new() } else { format!(" on {} threads", bench.threads) };
            let found = format!(
                "about {evaluations} evaluations{of}, {}{threads} if each takes as long as this one",
                span(took)
            );
            finding("planned", found, true)
        }
    }
}

/// A time as people say it.
pub(super) fn span(seconds: f64) -> String {
    match seconds {
        long if long >= 7200.0 => format!("{} hours", general(long / 3600.0, 2)),
        some if some >= 120.0 => format!("{} minutes", general(some / 60.0, 2)),
        short => format!("{} s", general(short, 2)),
    }
}

/// How large a mean gain over the baseline has to be, in the declared blocks, to be significant in `margin`.
///
/// Differences of a draw and the baseline vary over blocks with a standard deviation s. Their mean over K blocks is significant
/// at alpha above t(alpha, K - 1) s / sqrt(K), which a gain of that size reaches in half of all tries; four of five tries take
/// about (t(alpha) + t(0.2)) / t(alpha) times as much (the usual rule of sample sizes, W. Cochran and G. Cox 1957). s is the median
/// over a few draws on train; test is taken to vary as train does.
fn visible(bench: &mut Bench<'_>, baseline: &Params, train: &Outcome) -> Result<Option<TriedFinding>, Problem> {
    let (Some(declared), Some(evaluation)) = (bench.declaration.config.blocks, train.evaluation()) else {
        return Ok(None);
    };
    let space = &bench.declaration.space;
    let names: Vec<String> = space.specs().iter().map(|spec| spec.name.clone()).collect();
    let search = RandomSearch::new(space, baseline, &names, DRAWS, bench.declaration.config.strict.seed);
    let mut search = search.map_err(|error| usage(bench.declaration, error))?;
    let mut gains: Vec<Paired> = Vec::new();
    for draw in search.ask(usize::try_from(DRAWS).unwrap_or(usize::MAX)) {
        let outcome = bench.evaluate(Role::Train, &draw)?;
        let drawn = outcome.evaluation().and_then(|drawn| paired(&drawn.blocks, &evaluation.blocks));
        gains.extend(drawn.filter(|gain| !gain.is_flat()));
    }
    gains.sort_by(|a, b| a.error.total_cmp(&b.error));
    let Some(middle) = gains.get(gains.len() / 2) else {
        let found = format!("no draw of {DRAWS} differs from the baseline from block to block, so nothing can be said");
        return Ok(Some(finding("visible gain", found, true)));
    };
    let alpha = bench.declaration.config.strict.margin_alpha;
    let (half, freedom) = (middle.visible(alpha), middle.count as f64 - 1.0);
    let most = half * (1.0 + student_bound(0.2, freedom) / student_bound(alpha.min(0.5), freedom));
    let found = format!(
        "{declared} blocks show a mean gain of {} in half of all tries, of {} in four of five (alpha {}; {} draws on train)",
        general(half, 3),
        general(most, 3),
        general(alpha, 3),
        gains.len()
    );
    Ok(Some(finding("visible gain", found, true)))
}
