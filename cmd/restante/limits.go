package main

import (
	"time"

	"github.com/restante/restante/internal/auth"
	"github.com/restante/restante/internal/config"
	"github.com/restante/restante/internal/delivery"
	"github.com/restante/restante/internal/imapserver"
	"github.com/restante/restante/internal/pop3server"
	"github.com/restante/restante/internal/smtp"
)

// The limits of each room, from the configuration.

func authLimits(c config.Auth) auth.Limits {
	limits := auth.DefaultLimits()
	limits.ArgonMemory = uint32(c.ArgonMemory >> 10)
	limits.ArgonPasses = uint32(c.ArgonPasses)
	limits.ArgonLanes = uint8(c.ArgonLanes)
	limits.ArgonAtOnce = c.ArgonAtOnce
	limits.ScramIterations = c.ScramIterations
	limits.RememberFor = time.Duration(c.RememberFor)
	limits.RememberMax = time.Duration(c.RememberMax)
	limits.DelayFirst = time.Duration(c.DelayFirst)
	limits.DelayMax = time.Duration(c.DelayMax)
	limits.DelayForget = time.Duration(c.DelayForget)
	limits.SessionsPerAccount = c.SessionsPerAccount
	limits.ConnectionsPerAddress = c.ConnectionsPerAddress
	return limits
}

func deliveryLimits(c config.Mail) delivery.Limits {
	return delivery.Limits{MessageMax: int64(c.MessageMax)}
}

func smtpLimits(c config.SMTP) smtp.Limits {
	return smtp.Limits{
		SessionsMax: c.SessionsMax, SessionsPerAddressMax: c.SessionsPerAddressMax, RecipientsMax: c.RecipientsMax,
		IdleTimeout: time.Duration(c.IdleTime), TransactionTimeout: time.Duration(c.TransactionTime),
	}
}

func pop3Limits(c config.POP3) pop3server.Limits {
	return pop3server.Limits{LoginTimeout: time.Duration(c.AuthenticationTime), IdleTimeout: time.Duration(c.IdleTime)}
}

func imapLimits(c config.IMAP) imapserver.Limits {
	return imapserver.Limits{
		LineMax: int(c.LineMax), LiteralMax: int64(c.LiteralMax), LiteralEarlyMax: int64(c.LiteralEarlyMax),
		ArgumentsMax: int64(c.ArgumentsMax), AppendMessagesMax: c.AppendMessagesMax,
		AuthenticationTime: time.Duration(c.AuthenticationTime), IdleTime: time.Duration(c.IdleTime),
		WriteTime: time.Duration(c.WriteTime), ErrorsMax: c.ErrorsMax,
	}
}
