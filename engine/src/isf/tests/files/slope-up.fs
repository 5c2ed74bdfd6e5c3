/*{ "DESCRIPTION": "Green where y grows upwards.", "ISFVSN": "2" }*/
void main() { gl_FragColor = vec4(0.0, dFdy(isf_FragNormCoord.y) > 0.0 ? 1.0 : 0.0, 0.0, 1.0); }
