#if __VERSION__ <= 120
varying vec2 left_of, right_of, above, below;
#else
out vec2 left_of;
out vec2 right_of;
out vec2 above, below;
#endif
void main() {
    isf_vertShaderInit();
    vec2 px = 1.0 / RENDERSIZE;
    left_of = isf_FragNormCoord - vec2(px.x, 0);
    right_of = isf_FragNormCoord + vec2(px.x, 0);
    above = isf_FragNormCoord + vec2(0, px.y);
    below = isf_FragNormCoord - vec2(0, px.y);
}
