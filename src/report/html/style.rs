//! How the page looks, and the digest by which its policy lets this style in and no other.

/// The style sheet. A screen may be dark; print is always light.
pub(super) const CSS: &str = "
:root{color-scheme:light dark;--page:#f6f7f9;--card:#fff;--ink:#1b1f24;--soft:#57606a;--line:#d8dee4;--accent:#0b63ce;
--pass:#117a37;--passbg:#e3f6e8;--fail:#c01c28;--failbg:#fdeaea;--wait:#8a5a00;--waitbg:#fff4d6;--test:#c2570c;--hold:#8b2fc9;--other:#0e8a8a}
@media screen and (prefers-color-scheme:dark){:root{--page:#0f1318;--card:#181d24;--ink:#e8ebef;--soft:#9aa5b1;--line:#303843;
--accent:#6cb0ff;--pass:#56d27a;--passbg:#12301d;--fail:#ff7b79;--failbg:#3a1819;--wait:#f0be5a;--waitbg:#372a0d;--test:#ffa15c;--hold:#cf9bff;--other:#5bd0d0}}
*{box-sizing:border-box}
body{margin:0;background:var(--page);color:var(--ink);font:15px/1.5 system-ui,sans-serif;overflow-wrap:break-word}
main{max-width:1080px;margin:0 auto;padding:20px}
header,section,footer{background:var(--card);border:1px solid var(--line);border-radius:8px;padding:14px 20px;margin:0 0 16px}
header{border-left-width:10px}
header h1{font-size:1.15rem;font-weight:600;margin:0 0 6px}
.verdict{font-size:2.5rem;font-weight:800;line-height:1.1;margin:0;letter-spacing:.02em}
header.pass{background:var(--passbg);border-color:var(--pass)}header.pass .verdict{color:var(--pass)}
header.fail{background:var(--failbg);border-color:var(--fail)}header.fail .verdict{color:var(--fail)}
header.advisory{background:var(--waitbg);border-color:var(--wait)}header.advisory .verdict{color:var(--wait)}
header p{margin:0 0 4px}.reasons{margin:6px 0 0;padding-left:20px}.reasons li{margin:0 0 4px}
h2{font-size:1.05rem;margin:0 0 8px}h3{font-size:.95rem;margin:0 0 6px}p{margin:0 0 8px}
.columns{display:grid;grid-template-columns:1fr 1fr;gap:16px}
.pictures{columns:2;column-gap:32px}
table{border-collapse:collapse;width:100%;font-size:.92rem}
th,td{text-align:left;vertical-align:top;padding:6px 8px;border-bottom:1px solid var(--line)}
thead th{color:var(--soft);font-weight:600;font-size:.82rem}
tbody th{font-weight:600}.gates th,li,p,dd,.measure span,.words{overflow-wrap:anywhere}.figure{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
.gates{table-layout:fixed}.gates thead th:first-child{width:24%}.gates thead th:nth-child(2){width:104px}
.measure{display:grid;grid-template-columns:3fr 2fr;gap:12px}.metric{color:var(--soft)}
.missed,.missed b{color:var(--fail)}.words{color:var(--soft)}
.status{font-weight:700;font-size:.82rem;padding:1px 7px;border-radius:5px;white-space:nowrap}
.pass .status{color:var(--pass);background:var(--passbg)}.fail .status{color:var(--fail);background:var(--failbg)}
.advisory .status,.skip .status{color:var(--soft);background:var(--page)}
.gates tr:has(+.cause)>*{border-bottom:0}.gates .cause td{padding-top:0;color:var(--soft);font-size:.88rem}
.chosen>*{font-weight:700}
.params{list-style:none;margin:0 0 8px;padding:0;columns:2 14rem}.params li{margin:0 0 2px;break-inside:avoid}.before{color:var(--soft)}
.gain b,.copy pre,.stack td{overflow-wrap:anywhere}.stack .figure{white-space:normal}.copy{margin:0 0 8px}summary{cursor:pointer;color:var(--accent)}
.copy pre{margin:6px 0 0;padding:8px 10px;background:var(--page);border:1px solid var(--line);border-radius:6px;white-space:pre-wrap;
user-select:all;font:13px/1.4 ui-monospace,monospace;max-height:24rem;overflow-y:auto}
.note,figcaption,footer{color:var(--soft);font-size:.85rem}
figure{margin:0 0 24px;break-inside:avoid}figure>svg{display:block;width:100%;height:auto}
ul{margin:0 0 8px;padding-left:20px}
dl{display:grid;grid-template-columns:max-content 1fr;gap:2px 14px;margin:0}dd{margin:0}
.legend{display:flex;flex-wrap:wrap;gap:2px 14px;font-size:.82rem;color:var(--soft);margin:4px 0 2px}
.legend span{display:inline-flex;align-items:center;gap:5px}.key{width:12px;height:12px}
text{font:12px system-ui,sans-serif;fill:var(--soft)}.end{text-anchor:end}.middle{text-anchor:middle}
.name,.strong{fill:var(--ink);font-weight:600}
line{stroke:var(--line)}.axis{stroke:var(--soft)}.mark{stroke:var(--fail);stroke-width:2}
.required{stroke:var(--fail);stroke-width:3}
.dots{fill:none;stroke-linecap:round;stroke-width:5.5;stroke:var(--accent)}
.line{fill:none;stroke:var(--accent);stroke-width:1.2}
.dots.muted{stroke:var(--soft);stroke-opacity:.6}.dots.other{stroke:var(--other)}.dots.test{stroke:var(--test)}.dots.holdout{stroke:var(--hold)}
.dots.faint{stroke-opacity:.25}
.frontier{stroke:var(--ink);stroke-width:2}.path{stroke:var(--soft);stroke-width:2}
.line.halo{stroke:var(--card);stroke-width:6}.line.selected{stroke:var(--fail);stroke-width:2.5}
circle.halo{fill:var(--card);stroke:var(--fail);stroke-width:1.5}circle.selected{fill:var(--fail)}
.bar{fill:var(--soft);fill-opacity:.45}.bar.unlocked{fill:var(--accent);fill-opacity:.85}
.cell{fill:var(--accent);stroke:var(--line);stroke-width:.5}.cell:not([fill-opacity]){fill:none}
rect.chosen{fill:none;stroke:var(--fail);stroke-width:3}.cross{font-size:14px;fill:var(--ink)}
.swatch{fill:var(--accent)}.swatch.muted{fill:var(--soft);fill-opacity:.6}.swatch.other{fill:var(--other)}.swatch.test{fill:var(--test)}
.swatch.holdout{fill:var(--hold)}.swatch.selected{fill:var(--fail)}.swatch.best{fill:var(--ink)}.swatch.needed{fill:none;stroke:var(--fail);stroke-width:2}
.swatch.hollow{fill:var(--accent);fill-opacity:.25}.swatch.cross{fill:none;stroke:var(--ink)}
.s0{stroke-opacity:.06}.s1{stroke-opacity:.08}.s2{stroke-opacity:.1}.s3{stroke-opacity:.14}.s4{stroke-opacity:.2}
.s5{stroke-opacity:.3}.s6{stroke-opacity:.45}.s7{stroke-opacity:.6}.s8{stroke-opacity:.8}.s9{stroke-opacity:1}
@media screen and (max-width:760px){main{padding:10px}header,section,footer{padding:12px}.columns{grid-template-columns:minmax(0,1fr);gap:0}.pictures{columns:1}
.gates thead{display:none}.gates tr{display:grid;grid-template-columns:1fr auto;border-bottom:1px solid var(--line)}.gates tr>*{border:0;padding:5px 2px}
.gates td[colspan]{grid-column:1/-1;padding-top:0}.gates .cause td:first-child{display:none}.gates tr:has(+.cause){border-bottom:0}
.rows thead{display:none}.rows tr{display:grid;grid-template-columns:1fr auto;border-bottom:1px solid var(--line);padding:4px 0}
.rows tr>*{border:0;padding:1px 2px;overflow-wrap:anywhere}.rows .figure:nth-child(3){text-align:left}.rows [colspan],.rows td:nth-child(5){grid-column:1/-1}
.rows td:nth-child(3)::before{content:'fitness '}.rows td:nth-child(4)::before{content:'samples '}.rows td:nth-child(5)::before{content:'violates '}
.stack thead{display:none}.stack tr{display:flex;flex-wrap:wrap;gap:1px 12px;border-bottom:1px solid var(--line);padding:4px 0}
.stack tr>*{border:0;padding:1px 2px;text-align:left;white-space:normal;overflow-wrap:anywhere;min-width:0}.stack th{flex-basis:100%}
.stack td:empty{display:none}.stack td[data-label]::before{content:attr(data-label) ' ';color:var(--soft)}
text{font-size:13.5px}
table{font-size:.86rem}th,td{padding:5px 4px}}
@media print{:root{font-size:12px}body{background:#fff;font-size:11px}.columns{grid-template-columns:1fr 1fr}.copy pre{max-height:none;overflow:visible}main{max-width:none;padding:0}header,section,footer{break-inside:avoid-page}*{print-color-adjust:exact}}
";

/// The digest of [`CSS`] as a content security policy names it.
pub(super) const HASH: &str = "sha256-9Fv3Lwr46Pt+WIk0MiINBD23M97YxRpk6W/aGdZKmcQ=";

#[cfg(test)]
mod tests {
    use sha2::{Digest, Sha256};

    use super::*;

    /// Six bits to a letter, as RFC 4648 has it.
    fn base64(bytes: &[u8]) -> String {
        const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
        let group = |group: &[u8]| {
            let bits = group.iter().fold(0u32, |bits, byte| bits << 8 | u32::from(*byte)) << (8 * (3 - group.len()));
            (0..4)
                .map(move |place| {
                    let letter = LETTERS[(bits >> (18 - 6 * place) & 63) as usize];
                    if place > group.len() { '=' } else { char::from(letter) }
                })
                .collect::<String>()
        };
        bytes.chunks(3).map(group).collect()
    }

    #[test]
    fn the_policy_names_this_very_style() {
        assert_eq!(base64(b"foobar") + &base64(b"foob"), "Zm9vYmFyZm9vYg==");
        assert_eq!(HASH, format!("sha256-{}", base64(&Sha256::digest(CSS))));
    }

    #[test]
    fn the_style_loads_nothing_and_cannot_end_its_element() {
        assert!(!CSS.contains('<') && !CSS.contains("url") && !CSS.contains("@import"));
    }
}
