package bench

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
)

// Options say what to measure.
type Options struct {
	Targets  []Target // one, or two to compare in alternation
	Rounds   int      // how often each row is measured on each target
	Duration time.Duration
	Rows     []string // parts of row names; empty: all
	Counts   []int    // numbers of connections; empty: 1, 8 and 64
	Idle     int      // how many idle TLS sessions to hold for the memory row
	Progress func(text string)
}

// Result is one line of the table. Values[t] are the measurements on the tth
// target, in the order of rounds.
type Result struct {
	Name        string      `json:"name"`
	Unit        string      `json:"unit"`
	Connections int         `json:"connections"`
	Values      [][]float64 `json:"values"`
	LessBetter  bool        `json:"less_is_better,omitempty"`
	Err         string      `json:"error,omitempty"`
}

// Run measures and returns the lines. It stops at the first server that does
// not answer as it should.
func Run(ctx context.Context, options Options) ([]Result, error) {
	runner := &runner{options: options, corpus: newCorpus(), filled: map[string]bool{}}
	if runner.options.Progress == nil {
		runner.options.Progress = func(string) {}
	}
	var results []Result
	for _, r := range allRows(runner.corpus) {
		if !wanted(options.Rows, r.name) || !runner.all(r.needs) {
			continue
		}
		for _, connections := range options.counts(r) {
			result, err := runner.measure(ctx, r, connections)
			if err != nil {
				return results, fmt.Errorf("%s with %d connections: %w", r.name, connections, err)
			}
			results = append(results, result)
		}
	}
	more, err := runner.resources(ctx)
	return append(results, more...), err
}

func wanted(parts []string, name string) bool {
	return len(parts) == 0 || slices.ContainsFunc(parts, func(part string) bool {
		return strings.Contains(strings.ToLower(name), strings.ToLower(part))
	})
}

func (o Options) counts(r row) []int {
	counts := o.Counts
	if len(counts) == 0 {
		counts = connectionCounts
	}
	if r.only == nil {
		return counts
	}
	return slices.DeleteFunc(slices.Clone(counts), func(n int) bool { return !slices.Contains(r.only, n) })
}

type runner struct {
	options Options
	corpus  *corpus
	filled  map[string]bool
}

func (r *runner) all(test func(Target) bool) bool {
	return !slices.ContainsFunc(r.options.Targets, func(t Target) bool { return !test(t) })
}

// measure takes one row's rounds, the targets in turn, and the first of them
// first and last by turns, so that a drift of the machine hits both alike.
func (r *runner) measure(ctx context.Context, row row, connections int) (Result, error) {
	result := Result{Name: row.name, Unit: row.unit, Connections: connections, Values: make([][]float64, len(r.options.Targets))}
	for round := range r.options.Rounds {
		for turn := range r.options.Targets {
			t := turn
			if round%2 == 1 {
				t = len(r.options.Targets) - 1 - turn
			}
			target := r.options.Targets[t]
			r.options.Progress(fmt.Sprintf("%s, %d connections, %s, round %d of %d", row.name, connections, target.Name, round+1, r.options.Rounds))
			value, err := r.once(ctx, row, target, connections)
			if err != nil {
				return result, fmt.Errorf("%s: %w", target.Name, err)
			}
			result.Values[t] = append(result.Values[t], value)
		}
	}
	return result, nil
}

func (r *runner) once(ctx context.Context, row row, target Target, connections int) (float64, error) {
	if row.reading && !r.filled[target.Name] {
		progress := func(done, total int) {
			if done%1000 == 0 {
				r.options.Progress(fmt.Sprintf("filling a mailbox on %s: %d of %d", target.Name, done, total))
			}
		}
		if err := fillReadMailbox(target, r.corpus.bodies, progress); err != nil {
			return 0, err
		}
		r.filled[target.Name] = true
	}
	workers, closeAll, err := openAll(connections, func(i int) (worker, error) { return row.open(target, i) })
	if err != nil {
		return 0, err
	}
	defer closeAll()
	return rate(ctx, workers, r.options.Duration)
}

// Print writes the lines as a table: the median of each target with its
// spread, and, of two targets, the median of the ratios round by round.
func Print(out io.Writer, options Options, results []Result) {
	fmt.Fprintf(out, "%-30s %5s", "", "conns")
	for _, target := range options.Targets {
		fmt.Fprintf(out, "  %26s", target.Name)
	}
	if len(options.Targets) == 2 {
		fmt.Fprintf(out, "  %18s", "ratio (min-max)")
	}
	fmt.Fprintln(out)
	for _, result := range results {
		printResult(out, result)
	}
}

func printResult(out io.Writer, result Result) {
	fmt.Fprintf(out, "%-30s %5d", result.Name+", "+result.Unit, result.Connections)
	for _, values := range result.Values {
		low, middle, high := spread(values)
		fmt.Fprintf(out, "  %26s", fmt.Sprintf("%s (%s-%s)", figure(middle), figure(low), figure(high)))
	}
	if len(result.Values) == 2 {
		low, middle, high := spread(ratios(result.Values[0], result.Values[1]))
		note := ""
		if result.LessBetter {
			note = " less is better"
		}
		fmt.Fprintf(out, "  %18s%s", fmt.Sprintf("%.2f (%.2f-%.2f)", middle, low, high), note)
	}
	fmt.Fprintln(out)
}

func ratios(a, b []float64) []float64 {
	var out []float64
	for i := range min(len(a), len(b)) {
		if b[i] > 0 {
			out = append(out, a[i]/b[i])
		}
	}
	return out
}

func spread(values []float64) (low, middle, high float64) {
	if len(values) == 0 {
		return 0, 0, 0
	}
	sorted := slices.Sorted(slices.Values(values))
	return sorted[0], sorted[len(sorted)/2], sorted[len(sorted)-1]
}

func figure(value float64) string {
	if value < 10 {
		return fmt.Sprintf("%.2f", value)
	}
	return fmt.Sprintf("%.0f", value)
}
