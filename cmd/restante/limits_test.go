package main

import (
	"testing"

	"github.com/restante/restante/internal/auth"
	"github.com/restante/restante/internal/config"
)

// Aim: what the configuration says the defaults are, they are.
func TestConfiguredDefaultsAreTheRooms(t *testing.T) {
	if got, want := authLimits(config.Default().Auth), auth.DefaultLimits(); got != want {
		t.Errorf("configured %+v, the room's own %+v", got, want)
	}
}
