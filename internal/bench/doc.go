// Package bench drives mail servers with a load and measures them: durable
// deliveries over LMTP, and IMAP's APPEND, SELECT, FETCH and STORE, each with
// one, eight and sixty-four connections, and what the server takes of memory
// and disk. It speaks only the wire, so any server can be measured, and two
// can be compared in alternation: machines are noisy and shared, and only
// ratios from one run mean anything.
//
// Every load is bounded in time and count, and goes to the machine it runs
// on unless the caller says otherwise.
package bench
