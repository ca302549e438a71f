//! Kind `gates`: KC-2, KC-3 and KC-4 on made-up evidence.

use std::fmt;

use omega_lock::internals::gates::{
    ActionCounts, GateReport, SearchComparison, Searched, StressSpread, Thresholds, TimeBox, Transfer, judge_kc2,
    judge_kc3, judge_kc4,
};
use omega_lock::internals::stats::Correlation;
use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::{Value as Json, json};

use crate::document::{field, float, floats, list, number, text, thresholds};

pub(crate) fn answer(case: &Json, source: &str) -> Result<Json, String> {
    let ordered: Ordered = serde_json::from_str(source).map_err(|error| error.to_string())?;
    let reports: Result<Vec<Json>, String> = list(case, "inputs")?
        .iter()
        .zip(ordered.inputs)
        .map(|(input, ordered)| Ok(report_json(&judge(input, ordered.counts)?)))
        .collect();
    Ok(json!({ "reports": reports? }))
}

fn judge(input: &Json, counts: Counts) -> Result<GateReport, String> {
    let thresholds = thresholds(Thresholds::default(), field(input, "thresholds")?)?;
    match text(input, "gate")? {
        "kc2" => Ok(judge_kc2(&floats(input, "stresses")?, &thresholds)),
        "kc3" => {
            let counts = counts.0.into_iter().map(|(label, n)| Ok((known(&label)?, n)));
            Ok(judge_kc3(counts.collect::<Result<_, String>>()?, &thresholds))
        }
        "kc4" => {
            let (train, test) = (floats(input, "train")?, floats(input, "test")?);
            Ok(judge_kc4(&train, &test, float(field(input, "trade_ratio")?)?, &thresholds))
        }
        other => Err(format!("unknown gate `{other}`")),
    }
}

/// The labels that runs count by.
fn known(label: &str) -> Result<&'static str, String> {
    ["baseline", "train_best", "test_best"]
        .into_iter()
        .find(|known| *known == label)
        .ok_or_else(|| format!("unknown label `{label}`"))
}

/// The part of the case where the order of keys is part of the message.
#[derive(Deserialize)]
struct Ordered {
    inputs: Vec<OrderedInput>,
}

#[derive(Deserialize)]
struct OrderedInput {
    #[serde(default)]
    counts: Counts,
}

#[derive(Default)]
struct Counts(Vec<(String, u64)>);

impl<'de> Deserialize<'de> for Counts {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Entries;
        impl<'de> Visitor<'de> for Entries {
            type Value = Counts;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("counts by label")
            }

            fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<Counts, M::Error> {
                let mut counts = Vec::new();
                while let Some(entry) = map.next_entry()? {
                    counts.push(entry);
                }
                Ok(Counts(counts))
            }
        }
        deserializer.deserialize_map(Entries)
    }
}

/// A gate's report under the keys and spellings of the Python package.
pub(crate) fn report_json(report: &GateReport) -> Json {
    json!({
        "name": report.gate.peer_name(),
        "status": report.status.name(),
        "message": report.message,
        "detail": detail_json(report),
    })
}

fn detail_json(report: &GateReport) -> Json {
    if let Some(spread) = report.evidence::<StressSpread>() {
        json!({
            "gini": number(spread.gini),
            "gini_ok": spread.gini_ok,
            "top_k_mean": number(spread.top_mean),
            "bot_k_mean": number(spread.bottom_mean),
            "ratio": number(spread.ratio),
            "ratio_ok": spread.ratio_ok,
            "k": spread.k,
            "nonzero_stress_count": spread.nonzero_count,
            "nonzero_ok": spread.nonzero_ok,
            "min_nonzero_stress_count": spread.nonzero_min,
        })
    } else if let Some(actions) = report.evidence::<ActionCounts>() {
        let by_label = |counts: &[(&'static str, u64)]| -> Json {
            counts.iter().map(|(label, n)| ((*label).to_owned(), Json::from(*n))).collect()
        };
        let mut detail = json!({ "counts": by_label(&actions.counts), "floor": actions.floor });
        if actions.floor.is_some() {
            detail["failures"] = by_label(&actions.failures());
        }
        detail
    } else if let Some(transfer) = report.evidence::<Transfer>() {
        let correlation = transfer.correlation;
        let computable = correlation.value().is_some() || correlation == Correlation::NonFinite;
        json!({
            "pearson": number(transfer.pearson()),
            "pearson_ok": transfer.correlation_ok,
            // The Python package has no word for a correlation that came out as NaN.
            "pearson_status": if computable { "OK" } else { correlation.status() },
            "pearson_computable": computable,
            "trade_ratio": number(transfer.trade_ratio),
            "trade_ratio_ok": transfer.sample_ratio_ok,
            "n_points": transfer.n_points,
        })
    } else if let Some(comparison) = report.evidence::<SearchComparison>() {
        comparison_json(comparison)
    } else if let Some(Searched(candidates)) = report.evidence() {
        json!({ "n_candidates": candidates })
    } else if let Some(TimeBox { budget, .. }) = report.evidence() {
        // The seconds used are a clock's, which no case holds.
        json!({ "budget_s": number(*budget) })
    } else {
        json!({})
    }
}

/// SC-2's evidence.
pub(crate) fn comparison_json(comparison: &SearchComparison) -> Json {
    let mut detail = json!({
        "grid_top_quartile": number(comparison.search_top_quartile),
        "random_top_quartile": number(comparison.random_top_quartile),
        "ratio": number(comparison.ratio),
        "sc2_pass": u8::from(comparison.better),
        "sc2_assumption": "fitness_nonnegative_required_for_ratio_interpretation",
    });
    if comparison.is_unstable() {
        detail["sc2_warning"] = Json::from("negative_top_quartile_ratio_unstable");
    }
    detail
}
