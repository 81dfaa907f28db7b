package bench

// row is one line of the table.
type row struct {
	name    string
	unit    string
	open    func(Target, int) (worker, error)
	needs   func(Target) bool
	only    []int // numbers of connections, when not all
	reading bool  // works on the filled mailbox
}

func overIMAP(Target) bool    { return true }
func overIMAPS(t Target) bool { return t.IMAPS != "" }
func overLMTP(t Target) bool  { return t.LMTP != "" }

// connectionCounts are how many connections each row is measured with.
var connectionCounts = []int{1, 8, 64}

func allRows(corpus *corpus) []row {
	few := []int{1, 8}
	return []row{
		{name: "LMTP 4 KB", unit: "/s", open: deliveries(corpus.small), needs: overLMTP},
		{name: "LMTP 50 KB", unit: "/s", open: deliveries(corpus.large), needs: overLMTP},
		{name: "APPEND 4 KB", unit: "/s", open: appends(corpus.small), needs: overIMAP},
		{name: "SELECT", unit: "/s", open: command(false, always("SELECT "+readMailbox), once), needs: overIMAP, reading: true},
		{name: "FETCH FLAGS", unit: "messages/s", open: command(false, always("FETCH 1:* (UID FLAGS)"), responses), needs: overIMAP, reading: true},
		{name: "FETCH metadata", unit: "messages/s", open: command(false, always("FETCH 1:* (UID FLAGS INTERNALDATE RFC822.SIZE ENVELOPE BODYSTRUCTURE)"), responses), needs: overIMAP, reading: true},
		{name: "FETCH bodies", unit: "MB/s", open: command(false, always("FETCH 1:* (UID BODY.PEEK[])"), megabytes), needs: overIMAP, reading: true},
		{name: "FETCH bodies, TLS", unit: "MB/s", open: command(true, always("FETCH 1:* (UID BODY.PEEK[])"), megabytes), needs: overIMAPS, reading: true},
		{name: "STORE one", unit: "/s", open: command(false, storeOne, once), needs: overIMAP, reading: true},
		{name: "STORE all, silent", unit: "messages/s", open: command(false, storeSilent, allMessages), needs: overIMAP, reading: true, only: few},
		{name: "STORE all, loud", unit: "messages/s", open: command(false, storeLoud, allMessages), needs: overIMAP, reading: true, only: few},
		{name: "SEARCH SUBJECT", unit: "/s", open: command(false, searchSubject, once), needs: overIMAP, reading: true, only: few},
	}
}
