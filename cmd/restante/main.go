// Command restante is the whole mail system in one program: the server, and
// the commands that administer its store. It is wiring only, one file for each
// subcommand: what the commands do lives in the rooms under internal/.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
)

// streams are what a command reads and writes. Results go to out; what is
// said about them goes to err.
type streams struct {
	in  *os.File
	out io.Writer
	err io.Writer
}

func main() {
	// What the program writes is mail, or says who may read it: nobody else
	// on the machine is to look into it, whatever directory it lies in.
	syscall.Umask(0o077)
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second signal ends the program at once
	os.Exit(run(ctx, os.Args[1:], streams{os.Stdin, os.Stdout, os.Stderr}))
}

// errFailed ends the program with a failure that has been told already.
var errFailed = errors.New("failed")

// run carries out one command line and returns the exit status.
func run(ctx context.Context, arguments []string, std streams) int {
	root := newRoot(std)
	root.SetArgs(arguments)
	root.SetIn(std.in)
	root.SetOut(std.out)
	root.SetErr(std.err)
	err := root.ExecuteContext(ctx)
	if err == nil {
		return 0
	}
	switch {
	case errors.Is(err, errFailed):
	case errors.Is(err, context.Canceled):
		fmt.Fprintln(std.err, "restante: interrupted")
	default:
		fmt.Fprintln(std.err, "restante:", err)
	}
	return 1
}
