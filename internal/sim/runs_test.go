//go:build !race

package sim

// runsDefault is how many simulations an ordinary test run does.
const runsDefault = 50
