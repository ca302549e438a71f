//! What a harness answers in the mode `try`: parameters by hand are evaluated, in no trail.

use super::calibration::AnyCalibration;
use super::checked;
use super::environment::Environment;
use super::plan::Plan;
use super::programs::RunningPrograms;
use super::project::Project;
use super::run::{resolve, with_targets};
use super::typed;
use crate::artifacts::{
    ExitCode, GoldDocument, Ledger, Look, Number, ParamMap, Problem, RunLock, Spelled, Tried, TriedConstraint,
    TriedEvaluation, TryQuestion, TryStart, TryWhat, append_look, read_ledger,
};
use crate::audit::{AuditedEvaluator, Constraint, Rule, Subject, Trail};
use crate::declaration::Declaration;
use crate::gold::GoldStore;
use crate::number::repr;
use crate::objective::{ConstraintStatus, Context, EvaluationRules, Evaluator, Failure, Outcome, Params, Phase, Role};
use crate::pipeline::Profile;

/// Answers the question with the calibration that it names.
pub(super) fn answered(
    question: &TryQuestion,
    calibration: &dyn AnyCalibration,
    plan: &Plan,
    project: &Project,
    environment: &Environment,
) -> Result<Tried, Problem> {
    with_targets(calibration, |subjects| {
        let (declaration, study) = resolve(plan, subjects, project)?;
        let programs = RunningPrograms::of(subjects);
        programs.inputs().map_err(|why| usage(&declaration, why))?;
        let mut trail = Trail::new();
        let parallel = |(_, subject): &(Role, Subject<'_>)| matches!(subject, Subject::Parallel(_));
        let threads = if subjects.iter().any(parallel) { environment.threads(plan.processes()) } else { 1 };
        let mut bench = Bench::new(&declaration, subjects, &mut trail, threads)?;
        let tried = match question.what.0 {
            TryWhat::Evaluate => evaluated(question, &mut bench, project, environment),
            TryWhat::Check => checked::checked(&mut bench, study.as_ref()),
        }?;
        programs.check().map_err(|why| Problem::new(ExitCode::TargetFailed, format!("{}: {why}", plan.name)))?;
        Ok(tried)
    })
}

/// The targets of a calibration, where single parameter sets are tried.
pub(super) struct Bench<'b> {
    pub(super) declaration: &'b Declaration,
    pub(super) threads: usize,
    evaluator: AuditedEvaluator<'b>,
}

impl<'b> Bench<'b> {
    fn new(
        declaration: &'b Declaration,
        subjects: &[(Role, Subject<'b>)],
        trail: &'b mut Trail,
        threads: usize,
    ) -> Result<Self, Problem> {
        let wrong = |error: &dyn std::fmt::Display| usage(declaration, error);
        let of = |wanted: Role| subjects.iter().filter(move |(role, _)| *role == wanted).map(|(_, subject)| *subject);
        let Some(train) = of(Role::Train).next() else { return Err(wrong(&"there is no train target")) };
        let walked = declaration.config.windows.is_some();
        let evaluator = AuditedEvaluator::new(train, &declaration.constraints, trail).map_err(|error| wrong(&error))?;
        let mut evaluator = evaluator.threads(threads);
        if walked {
            let windows: Vec<_> = of(Role::Train).zip(of(Role::Test)).collect();
            evaluator = evaluator.windows(&windows).map_err(|error| wrong(&error))?;
        }
        let others = subjects.iter().filter(|(role, _)| *role != Role::Train && !(walked && *role == Role::Test));
        for &(role, subject) in others {
            evaluator = evaluator.with(role, subject).map_err(|error| wrong(&error))?;
        }
        let config = &declaration.config;
        evaluator.obey(EvaluationRules {
            finite_only: config.profile == Profile::Strict,
            // What fails is the answer.
            allowed_failures: u64::MAX,
            keep_attachments: false,
            blocks: config.declared_blocks(),
        });
        Ok(Self { declaration, threads, evaluator })
    }

    pub(super) fn serves(&self, role: Role) -> bool {
        self.evaluator.serves(role)
    }

    /// The declared baseline.
    pub(super) fn baseline(&self) -> Params {
        let Declaration { config, space, .. } = self.declaration;
        config.base_params.clone().unwrap_or_else(|| space.neutral())
    }

    /// Evaluates on a slice; with windows, on that of the last one.
    pub(super) fn evaluate(&mut self, role: Role, params: &Params) -> Result<Outcome, Problem> {
        let phase = if role == Role::Holdout { Phase::Holdout } else { Phase::Baseline };
        let walked = self.declaration.config.windows.filter(|_| matches!(role, Role::Train | Role::Test));
        let round = walked.map_or(0, |windows| u32::try_from(windows).unwrap_or(u32::MAX));
        let context = Context { round, ..Context::new(role, phase) };
        let outcomes = self.evaluator.evaluate_batch(context, std::slice::from_ref(params), &mut |_, _| Ok(()));
        let failed =
            |message: String| Problem::new(ExitCode::TargetFailed, format!("{}: {message}", self.declaration.name));
        let outcomes = outcomes.map_err(|halt| failed(halt.to_string()))?;
        outcomes.into_iter().next().ok_or_else(|| failed("nothing was answered".to_owned()))
    }
}

pub(super) fn usage(declaration: &Declaration, message: impl std::fmt::Display) -> Problem {
    Problem::new(ExitCode::Usage, format!("calibration `{}`: {message}", declaration.name))
}

fn evaluated(
    question: &TryQuestion,
    bench: &mut Bench<'_>,
    project: &Project,
    environment: &Environment,
) -> Result<Tried, Problem> {
    let (declaration, role) = (bench.declaration, question.slice.0);
    if !bench.serves(role) {
        return Err(usage(declaration, format!("there is no {role} slice")));
    }
    let store = GoldStore::new(&project.root, &declaration.acceptance.gold_dir, &project.omega_dir);
    let gold = store.gold(&declaration.name).map_err(|error| Problem::new(error.exit_code(), error.to_string()))?;
    let baseline = bench.baseline();
    let of_gold = |gold: &GoldDocument| typed::with_values(&declaration.space, baseline.clone(), &gold.params);
    let start = match (question.start.0, &gold) {
        (TryStart::Baseline, _) => baseline.clone(),
        (TryStart::Gold, Some(gold)) => of_gold(gold).map_err(|why| usage(declaration, format!("gold: {why}")))?,
        (TryStart::Gold, None) => {
            return Err(usage(
                declaration,
                "no gold is accepted yet\nhelp: `cargo omega update-gold` accepts a result",
            ));
        }
    };
    let wrong = |why: String| usage(declaration, why);
    let params = typed::with_values(&declaration.space, start, &question.given).map_err(wrong)?;
    let params = typed::with_words(&declaration.space, params, &question.typed.0).map_err(wrong)?;
    let mut tried = Tried::default();
    tried.notes.extend(counted(question, declaration, &params, project, environment)?);
    if declaration.config.windows.is_some() && matches!(role, Role::Train | Role::Test) {
        tried.notes.push("This is the last window.".to_owned());
    }
    let asked = bench.evaluate(role, &params)?;
    tried.evaluations.push(shown("asked", role, &params, &asked, declaration));
    // A slice that was set aside is asked for what was asked, and for nothing beside it.
    if role == Role::Holdout {
        return Ok(tried);
    }
    let mut beside = vec![("baseline", baseline.clone())];
    match gold.as_ref().map(of_gold) {
        Some(Ok(accepted)) => beside.push(("gold", accepted)),
        Some(Err(why)) => tried.notes.push(format!("Gold is of another space: {}.", why.replace('\n', " "))),
        None => {}
    }
    for (name, other) in beside {
        let outcome = if other == params { asked.clone() } else { bench.evaluate(role, &other)? };
        tried.evaluations.push(shown(name, role, &other, &outcome, declaration));
    }
    Ok(tried)
}

fn shown(name: &str, role: Role, params: &Params, outcome: &Outcome, declaration: &Declaration) -> TriedEvaluation {
    let evaluation = outcome.evaluation();
    let numbers = |values: &[f64]| values.iter().copied().map(Number).collect();
    let statuses = declaration.constraints.iter().zip(outcome.feasibility.statuses());
    let constraint = |(constraint, status): (&Constraint, &ConstraintStatus)| TriedConstraint {
        name: constraint.name.clone(),
        holds: *status == ConstraintStatus::Satisfied,
        shown: held(constraint, status, role, params, outcome),
    };
    TriedEvaluation {
        name: name.to_owned(),
        slice: Spelled(role),
        params: ParamMap::from(params),
        fitness: evaluation.map(|evaluation| Number(evaluation.fitness)),
        samples: evaluation.map_or(0, |evaluation| evaluation.samples),
        blocks: evaluation.map(|evaluation| numbers(&evaluation.blocks)).unwrap_or_default(),
        metadata: evaluation.map(|evaluation| evaluation.metadata.clone()).unwrap_or_default(),
        constraints: statuses.map(constraint).collect(),
        failure: outcome.result.as_ref().err().map(|failure| failure.reason.clone()),
        not_applicable: outcome.result.as_ref().is_err_and(Failure::is_not_applicable),
    }
}

fn held(constraint: &Constraint, status: &ConstraintStatus, role: Role, params: &Params, outcome: &Outcome) -> String {
    if let ConstraintStatus::Unanswered(why) = status {
        return format!("cannot be read: {why}");
    }
    let word = if *status == ConstraintStatus::Satisfied { "kept" } else { "violated" };
    let measured = outcome.evaluation().and_then(|evaluation| constraint.measure(params, evaluation).ok());
    match (&constraint.rule, measured) {
        (Rule::Typed { metric, op, value }, Some(measured)) => {
            let bound = constraint.value_on(role).unwrap_or(*value);
            format!("{word}: {metric} {}, required {op} {}", repr(measured), repr(bound))
        }
        _ => word.to_owned(),
    }
}

/// Writes the question down where questions to this slice are counted, before it is answered; says so.
fn counted(
    question: &TryQuestion,
    declaration: &Declaration,
    params: &Params,
    project: &Project,
    environment: &Environment,
) -> Result<Option<String>, Problem> {
    let role = question.slice.0;
    let counts = match role {
        Role::Train | Role::Validation => return Ok(None),
        Role::Test => declaration.acceptance.consultations,
        Role::Holdout if !question.count_a_look => {
            let help = "a holdout tells the truth once; `--count-a-look` writes the look into omega.ledger.jsonl";
            return Err(usage(
                declaration,
                format!("the holdout is evaluated only with `--count-a-look`\nhelp: {help}"),
            ));
        }
        Role::Holdout => true,
    };
    if !counts {
        return Ok(Some(
            "This is one more question to the test slice: whoever asks it until it says yes has searched it. Nobody counts \
             them here; `walk_forward.consultations = true` would."
                .to_owned(),
        ));
    }
    let look = Look::by_hand(declaration, params, role);
    let internal = |error: &dyn std::fmt::Display| Problem::new(ExitCode::Internal, error.to_string());
    let lock = RunLock::take(&project.omega_dir.join("ledger"), |_| {}).map_err(|error| internal(&error))?;
    let path = project.root.join(Ledger::FILE);
    let ledger = read_ledger(&path).map_err(|error| Problem::new(error.exit_code(), error.to_string()))?;
    let ledger = ledger.map_err(|problem| Problem::new(ExitCode::Damaged, problem))?.unwrap_or_default();
    let (number, known) = ledger.place(&look);
    if !known && environment.in_ci {
        let message =
            format!("a question to the {role} slice is written into {}, and CI writes no committed file", Ledger::FILE);
        return Err(usage(declaration, format!("{message}\nhelp: ask on your own machine, and commit the file")));
    }
    if !known {
        append_look(&look, &path).map_err(|error| internal(&error))?;
    }
    drop(lock);
    let what = if role == Role::Test { "question" } else { "look" };
    let place = if known { "was written down before" } else { "is new: commit the file" };
    Ok(Some(format!("This is {what} {number} to the {role} slice in {}; it {place}.", Ledger::FILE)))
}
