"""Beats, bars and drums: music to learn and measure them on."""
