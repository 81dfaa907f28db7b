package obs

import (
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
)

// Metrics are the figures of one server, in a registry of its own. Its methods
// may be called at the same time.
type Metrics struct {
	registry   *prometheus.Registry
	opened     *prometheus.CounterVec
	open       *prometheus.GaugeVec
	logins     *prometheus.CounterVec
	commands   *prometheus.CounterVec
	elapsed    *prometheus.HistogramVec
	octets     *prometheus.CounterVec
	deliveries *prometheus.CounterVec
	panics     *prometheus.CounterVec
	converted  *prometheus.HistogramVec
}

// commandSeconds are the buckets of command durations: from a cached answer to
// a search through everything.
var commandSeconds = []float64{.0001, .0005, .001, .005, .02, .1, .5, 2, 10, 60}

// NewMetrics makes the figures, all zero.
func NewMetrics() *Metrics {
	counter := func(name, help string, labels ...string) *prometheus.CounterVec {
		return prometheus.NewCounterVec(prometheus.CounterOpts{Namespace: "restante", Name: name, Help: help}, labels)
	}
	m := &Metrics{
		registry: prometheus.NewRegistry(),
		opened:   counter("sessions_total", "Sessions begun.", "protocol", "tls"),
		open: prometheus.NewGaugeVec(prometheus.GaugeOpts{
			Namespace: "restante", Name: "sessions_open", Help: "Sessions that are open.",
		}, []string{"protocol"}),
		logins:   counter("logins_total", "Attempts to log in, by how they ended.", "protocol", "mechanism", "result"),
		commands: counter("commands_total", "Commands carried out.", "protocol", "command", "result"),
		elapsed: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Namespace: "restante", Name: "command_seconds", Help: "Time a command took, without waiting for the client.",
			Buckets: commandSeconds,
		}, []string{"protocol", "command"}),
		octets:     counter("octets_total", "Octets over the wire, inside TLS.", "protocol", "direction"),
		deliveries: counter("deliveries_total", "Recipients of messages, by how delivery ended.", "protocol", "result"),
		panics:     counter("panics_total", "Sessions ended by a fault of the server.", "protocol"),
	}
	m.converted = prometheus.NewHistogramVec(prometheus.HistogramOpts{
		Namespace: "restante", Name: "conversion_seconds", Help: "Time of conversions of body parts, by how they ended.",
		Buckets: commandSeconds,
	}, []string{"from", "to", "result"})
	m.registry.MustRegister(m.converted, m.opened, m.open, m.logins, m.commands, m.elapsed, m.octets, m.deliveries, m.panics,
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

// SessionOpened counts a session that begins.
func (m *Metrics) SessionOpened(protocol string, tls bool) {
	label := "no"
	if tls {
		label = "yes"
	}
	m.opened.WithLabelValues(protocol, label).Inc()
	m.open.WithLabelValues(protocol).Inc()
}

// SessionClosed counts a session that ends.
func (m *Metrics) SessionClosed(protocol string) { m.open.WithLabelValues(protocol).Dec() }

// Login counts an attempt to log in.
func (m *Metrics) Login(protocol, mechanism, result string) {
	m.logins.WithLabelValues(protocol, mechanism, result).Inc()
}

// Command counts a command. Its name must come from a table, never from a
// client.
func (m *Metrics) Command(protocol, name, result string, elapsed time.Duration) {
	m.commands.WithLabelValues(protocol, name, result).Inc()
	m.elapsed.WithLabelValues(protocol, name).Observe(elapsed.Seconds())
}

// Octets counts what a connection received and sent.
func (m *Metrics) Octets(protocol string, received, sent uint64) {
	m.octets.WithLabelValues(protocol, "received").Add(float64(received))
	m.octets.WithLabelValues(protocol, "sent").Add(float64(sent))
}

// Delivery counts recipients of one message.
func (m *Metrics) Delivery(protocol, result string, recipients int) {
	m.deliveries.WithLabelValues(protocol, result).Add(float64(recipients))
}

// Panicked counts a fault of the server.
func (m *Metrics) Panicked(protocol string) { m.panics.WithLabelValues(protocol).Inc() }

// Gauge shows a figure that somebody else keeps; read is called at each
// scrape, and must be quick.
func (m *Metrics) Gauge(name, help string, read func() float64) {
	m.registry.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{
		Namespace: "restante", Name: name, Help: help,
	}, read))
}

// Counter is Gauge for a figure that only grows.
func (m *Metrics) Counter(name, help string, read func() float64) {
	m.registry.MustRegister(prometheus.NewCounterFunc(prometheus.CounterOpts{
		Namespace: "restante", Name: name, Help: help,
	}, read))
}

// Conversion counts a conversion of a body part (RFC 5259 §11). The media types must
// come from a table, never from a message.
func (m *Metrics) Conversion(from, to, result string, elapsed time.Duration) {
	m.converted.WithLabelValues(from, to, result).Observe(elapsed.Seconds())
}
