//go:build e2e

package render

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"ecsavvy/advisor"
)

// The page in a real browser, at the widths of a phone and of a desktop and in both
// themes: it renders, sorts, filters, fits, says nothing on the console, runs no
// script of a service's name, and asks the network for nothing. SCREENSHOTS=dir keeps
// pictures.
func TestReportInChromium(t *testing.T) {
	b := startBrowser(t)
	dir := t.TempDir()
	pages := map[string]advisor.Report{
		"bundled": bundledReport(t),
		"large":   generatedAccount{services: 1000, months: 13, seed: 1}.report(t),
		"hostile": generatedAccount{services: 24, months: 3, seed: 3, name: hostileName}.report(t),
	}
	for _, name := range []string{"bundled", "large", "hostile"} {
		r := pages[name]
		page, err := reportBytes(&r, ReportInfo{Snapshot: "2026-11-01"}, FormatHTML)
		if err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(dir, name+".html")
		if err := os.WriteFile(path, page, 0o644); err != nil {
			t.Fatal(err)
		}
		for _, width := range []int{390, 1280} {
			for _, theme := range []string{"light", "dark"} {
				t.Run(fmt.Sprintf("%s %d %s", name, width, theme), func(t *testing.T) {
					b.t = t
					b.open(path, width, theme)
					if name == "large" {
						logLoading(t, b)
					}
					checkPage(t, b, len(r.Resources))
					for _, section := range []string{"main", "change", "anomalies", "plan", "realised", "services", "gaps"} {
						var there bool
						b.eval(&there, fmt.Sprintf(`(() => { const e = document.getElementById(%q); if (e) e.scrollIntoView(); return !!e })()`, section))
						if there {
							b.shoot(fmt.Sprintf("%s-%s-%d-%s", name, section, width, theme))
						}
					}
				})
			}
		}
	}
	b.t = t
}

// logLoading says how long the page took, and the work of it: the time of a machine
// that others use says less.
func logLoading(t *testing.T, b *browser) {
	t.Helper()
	var ms float64
	b.eval(&ms, `performance.getEntriesByType("navigation")[0].loadEventEnd`)
	var metrics struct {
		Metrics []struct {
			Name  string
			Value float64
		}
	}
	b.into(&metrics, "Performance.getMetrics", nil)
	text := ""
	for _, m := range metrics.Metrics {
		if strings.HasSuffix(m.Name, "Duration") {
			text += fmt.Sprintf(" %s %.0f ms", m.Name, 1000*m.Value)
		}
	}
	t.Logf("loaded in %.0f ms:%s", ms, text)
}

func checkPage(t *testing.T, b *browser, resources int) {
	t.Helper()
	var rows int
	b.eval(&rows, `document.querySelectorAll("#table-services tbody tr").length`)
	if rows < resources {
		t.Errorf("%d rows of services, want %d", rows, resources)
	}
	var wide bool
	if b.eval(&wide, `document.documentElement.scrollWidth > window.innerWidth`); wide {
		t.Error("the page is wider than the window")
	}
	checkSorting(t, b)
	checkFilter(t, b)
	var pwned bool
	if b.eval(&pwned, `typeof window.pwned !== "undefined" || document.querySelectorAll("img, iframe, object, script[src], link[rel=stylesheet]").length > 0`); pwned {
		t.Error("a service's name became markup")
	}
	for _, c := range b.complaints() {
		t.Error(c)
	}
}

// checkSorting clicks the cost's head twice and the name's once.
func checkSorting(t *testing.T, b *browser) {
	t.Helper()
	var order struct {
		Sort       string
		Descending bool
		Ascending  bool
		Names      bool
	}
	b.eval(&order, `(() => {
		const table = document.getElementById("table-services");
		const column = (n) => Array.from(table.tBodies[0].rows, (r) => r.cells[n].textContent);
		const heads = Array.from(table.tHead.rows[0].cells);
		const at = heads.findIndex((h) => h.textContent.startsWith("USD"));
		const numbers = () => column(at).map((x) => parseFloat(x.replace(/[,<]/g, ""))).filter((x) => !isNaN(x));
		const falls = (v) => v.every((x, i) => i === 0 || v[i - 1] >= x);
		const click = (n) => heads[n].querySelector("button").click();
		click(at);
		const descending = falls(numbers());
		click(at);
		const ascending = falls(numbers().reverse());
		const sort = heads[at].getAttribute("aria-sort");
		click(0);
		const names = column(0);
		const collator = new Intl.Collator("en", { numeric: true, sensitivity: "base" });
		return { Sort: sort, Descending: descending, Ascending: ascending, Names: names.every((x, i) => i === 0 || collator.compare(names[i - 1].trim(), x.trim()) <= 0) && heads[at].getAttribute("aria-sort") === null };
	})()`)
	if order.Sort != "ascending" || !order.Descending || !order.Ascending || !order.Names {
		t.Errorf("sorting: %+v", order)
	}
}

// checkFilter types a part of the first name and takes it away again.
func checkFilter(t *testing.T, b *browser) {
	t.Helper()
	var got struct {
		All, Shown, Fitting, After int
		Status                     string
	}
	b.eval(&got, `(() => {
		const table = document.getElementById("table-services");
		const rows = Array.from(table.tBodies[0].rows);
		const input = document.querySelector("input[aria-controls=table-services]");
		const shown = () => rows.filter((r) => r.getClientRects().length > 0).length;
		if (!input) return { All: rows.length, Shown: 1, Fitting: 1, After: rows.length, Status: "few" };
		const word = "staging";
		input.value = word;
		input.dispatchEvent(new Event("input"));
		const now = shown();
		const status = document.querySelector("[role=status]") ? Array.from(document.querySelectorAll("[role=status]"), (s) => s.textContent).join("") : "";
		input.value = "";
		input.dispatchEvent(new Event("input"));
		return { All: rows.length, Shown: now, Fitting: rows.filter((r) => r.textContent.toLowerCase().includes(word)).length, After: shown(), Status: status };
	})()`)
	if got.Shown != got.Fitting || got.Shown == 0 || got.Shown == got.All || got.After != got.All || got.Status == "" {
		t.Errorf("filter: %+v", got)
	}
}
