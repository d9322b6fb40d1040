/**
 * What the tests of hostile peers share, over any transport that speaks in frames: the frames written by hand, and the
 * {@linkplain dev.sluice.testkit.hostile.Besieged transport under attack}, on which an honest pair must go on undisturbed.
 */
package dev.sluice.testkit.hostile;
