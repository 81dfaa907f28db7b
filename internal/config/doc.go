// Package config is the server's configuration: one struct, whose fields say
// their meaning and whose Default says their values. The reference page and
// the example file are made from both, so that they cannot differ.
//
// It knows no other room: whoever wires the server hands the values on.
package config
