package obs

import (
	"context"
	"net"
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// Limits of the HTTP server: it answers scrapers and health checks, which are
// small and quick.
const (
	httpHeaderMax   = 16 << 10
	httpReadTimeout = 10 * time.Second
	httpIdleTimeout = 2 * time.Minute
	healthTimeout   = 5 * time.Second
)

// Handler serves /metrics and /healthz. healthy returns nil while the server
// does its work; its error is told to whoever asks.
func (m *Metrics) Handler(healthy func(context.Context) error) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{Registry: m.registry}))
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithTimeout(r.Context(), healthTimeout)
		defer cancel()
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		if err := healthy(ctx); err != nil {
			w.WriteHeader(http.StatusServiceUnavailable)
			_, _ = w.Write([]byte(err.Error() + "\n"))
			return
		}
		_, _ = w.Write([]byte("ok\n"))
	})
	return mux
}

// HTTPServer serves a handler with limits on everything.
type HTTPServer struct{ server *http.Server }

// NewHTTPServer makes a server.
func NewHTTPServer(handler http.Handler) *HTTPServer {
	return &HTTPServer{&http.Server{
		Handler: handler, MaxHeaderBytes: httpHeaderMax,
		ReadTimeout: httpReadTimeout, WriteTimeout: httpReadTimeout, IdleTimeout: httpIdleTimeout,
	}}
}

// Serve answers requests until Shutdown, and then returns nil.
func (s *HTTPServer) Serve(listener net.Listener) error {
	if err := s.server.Serve(listener); err != http.ErrServerClosed {
		return err
	}
	return nil
}

// Shutdown stops listening and waits for the requests that are under way.
func (s *HTTPServer) Shutdown(ctx context.Context) error { return s.server.Shutdown(ctx) }
