package bench

import (
	"context"
	"fmt"
)

// idleUsers is over how many accounts the idle sessions are spread.
const idleUsers = 100

// resources measures what is not a rate: memory with idle sessions, and the
// disk that deliveries take.
func (r *runner) resources(ctx context.Context) ([]Result, error) {
	var results []Result
	known := func(t Target) bool { return t.PID != 0 && t.IMAPS != "" }
	if r.options.Idle > 0 && wanted(r.options.Rows, "resident memory") && r.all(known) {
		result := Result{Name: "resident memory, idle TLS", Unit: "MB", Connections: r.options.Idle, LessBetter: true}
		for _, target := range r.options.Targets {
			r.options.Progress(fmt.Sprintf("%d idle TLS sessions on %s", r.options.Idle, target.Name))
			size, err := memoryOfIdle(target, r.options.Idle)
			if err != nil {
				return results, err
			}
			result.Values = append(result.Values, []float64{float64(size) / 1e6})
		}
		results = append(results, result)
	}
	if wanted(r.options.Rows, "disk") && r.all(func(t Target) bool { return t.Dir != "" && t.LMTP != "" }) {
		for _, kind := range []struct {
			name     string
			messages [][]byte
		}{{"disk per octet, 4 KB", r.corpus.small}, {"disk per octet, 50 KB", r.corpus.large}} {
			result := Result{Name: kind.name, Unit: "octets", Connections: 8, LessBetter: true}
			for _, target := range r.options.Targets {
				r.options.Progress(kind.name + " on " + target.Name)
				cost, err := diskPerOctet(target, kind.messages)
				if err != nil {
					return results, err
				}
				result.Values = append(result.Values, []float64{cost})
			}
			results = append(results, result)
		}
	}
	return results, ctx.Err()
}

// memoryOfIdle holds logged-in sessions in IDLE and weighs the server.
func memoryOfIdle(target Target, sessions int) (int64, error) {
	_, closeAll, err := openAll(sessions, func(i int) (worker, error) {
		client, err := dialIMAPBuffered(target.IMAPS, true, 4<<10)
		if err != nil {
			return worker{}, err
		}
		w := worker{close: client.close}
		if err := client.login(target.user(1+i%idleUsers), target.Password); err != nil {
			return w, err
		}
		if _, err := client.do("SELECT INBOX", nil); err != nil {
			return w, err
		}
		client.send("IDLE")
		_, err = client.in.ReadSlice('\n')
		return w, err
	})
	if err != nil {
		return 0, err
	}
	defer closeAll()
	return residentMemory(target.PID)
}

// diskPerOctet delivers some megabytes and compares them with what the
// server's folder grew by.
func diskPerOctet(target Target, messages [][]byte) (float64, error) {
	before, err := diskUse(target.Dir)
	if err != nil {
		return 0, err
	}
	client, err := dialLMTP(target.LMTP)
	if err != nil {
		return 0, err
	}
	defer client.close()
	const enough = 24 << 20
	sent := 0
	for i := 0; sent < enough; i++ {
		message := messages[i%len(messages)]
		// No message is sent twice as it was: a store that keeps equal
		// octets once would seem better than it is.
		fresh := append([]byte(fmt.Sprintf("X-Bench: %d %d\r\n", i, before)), message...)
		if err := client.deliver(target.recipient(1+i%64), stuff(fresh)); err != nil {
			return 0, err
		}
		sent += len(fresh)
	}
	grown, err := diskUse(target.Dir)
	return float64(grown-before) / float64(sent), err
}
