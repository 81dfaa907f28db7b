package main

import (
	"time"

	"github.com/restante/restante/internal/auth"
	"github.com/restante/restante/internal/config"
	"github.com/restante/restante/internal/delivery"
	"github.com/restante/restante/internal/imapserver"
	"github.com/restante/restante/internal/pop3server"
	"github.com/restante/restante/internal/smtp"
	"github.com/restante/restante/internal/store"
)

// The limits of each room, from the configuration.

func authLimits(c config.Auth) auth.Limits {
	limits := auth.DefaultLimits()
	limits.ArgonMemory = uint32(c.ArgonMemory >> 10)
	limits.ArgonPasses = uint32(c.ArgonPasses)
	limits.ArgonLanes = uint8(c.ArgonLanes)
	limits.ArgonAtOnce = c.ArgonAtOnce
	limits.ArgonQueueMax = c.ArgonQueueMax
	limits.ScramIterations = c.ScramIterations
	limits.RememberFor = time.Duration(c.RememberFor)
	limits.RememberMax = time.Duration(c.RememberMax)
	limits.DelayFirst = time.Duration(c.DelayFirst)
	limits.DelayMax = time.Duration(c.DelayMax)
	limits.DelayWaitMax = time.Duration(c.DelayWaitMax)
	limits.DelayForget = time.Duration(c.DelayForget)
	limits.SessionsPerAccount = c.SessionsPerAccount
	limits.ConnectionsPerAddress = c.ConnectionsPerAddress
	return limits
}

func storeLimits(all config.Config) store.Limits {
	c := all.Store
	return store.Limits{
		Quota:       defaultQuota(all.Quota),
		KeepRemoved: time.Duration(c.KeepRemoved), UIDCache: int(c.UIDCache), Mailboxes: uint32(c.MailboxesMax),
		SegmentSize: int64(c.SegmentSize), ReserveBytes: int64(c.Reserve),
	}
}

func deliveryLimits(c config.Config) delivery.Limits {
	return delivery.Limits{
		MessageMax: int64(c.Mail.MessageMax), ReceivedMax: c.SMTP.ReceivedMax, RejectFull: c.Quota.Delivery == "reject",
	}
}

func smtpLimits(c config.SMTP) smtp.Limits {
	return smtp.Limits{
		SessionsMax: c.SessionsMax, SessionsPerAddressMax: c.SessionsPerAddressMax, RecipientsMax: c.RecipientsMax,
		IdleTimeout: time.Duration(c.IdleTime), TransactionTimeout: time.Duration(c.TransactionTime),
		WriteTimeout: time.Duration(c.WriteTime), LineMax: int(c.LineMax),
	}
}

func pop3Limits(c config.POP3) pop3server.Limits {
	return pop3server.Limits{
		LineMax: int(c.LineMax), LoginTimeout: time.Duration(c.AuthenticationTime), IdleTimeout: time.Duration(c.IdleTime),
		WriteTimeout: time.Duration(c.WriteTime), LoginsMax: c.LoginsMax, ErrorsMax: c.ErrorsMax,
	}
}

// imapLimits takes the largest message from mail.message_max too, so that one
// key bounds what is delivered and what is appended.
func imapLimits(all config.Config) imapserver.Limits {
	c := all.IMAP
	return imapserver.Limits{
		LineMax: int(c.LineMax), LiteralMax: int64(min(c.LiteralMax, all.Mail.MessageMax)), LiteralEarlyMax: int64(c.LiteralEarlyMax),
		ArgumentsMax: int64(c.ArgumentsMax), AppendMessagesMax: c.AppendMessagesMax,
		MessagesMax: max(c.MessageLimit, 0), SavesMax: max(c.SaveLimit, 0),
		LiteralsMax: c.LiteralsMax, DepthMax: c.DepthMax, RangesMax: c.RangesMax, ItemsMax: c.ItemsMax,
		ConvertMessagesMax: c.ConvertMessagesMax, ConvertPartsMax: c.ConvertPartsMax,
		AuthenticationTime: time.Duration(c.AuthenticationTime), IdleTime: time.Duration(c.IdleTime),
		WriteTime: time.Duration(c.WriteTime), ProgressTime: time.Duration(c.ProgressTime), ErrorsMax: c.ErrorsMax,
	}
}

// appendLimits are those of single mailboxes.
func appendLimits(c config.IMAP) map[string]int64 {
	limits := make(map[string]int64, len(c.AppendLimits))
	for name, limit := range c.AppendLimits {
		limits[name] = int64(limit)
	}
	return limits
}
