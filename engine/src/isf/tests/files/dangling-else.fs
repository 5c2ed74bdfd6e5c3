/*{ "ISFVSN": "2" }*/
float f(float x) { if (x > .5) if (x > .75) return 1.; else return .75; else return .25; }
void main() { float v = f(isf_FragNormCoord.x); if (v > .9) ; else v *= .5; { float v = 2.; v++; } ; gl_FragColor = vec4(v); ; };
