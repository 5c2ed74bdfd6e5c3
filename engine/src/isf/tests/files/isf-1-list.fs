/*{ "PERSISTENT_BUFFERS": [ "kept" ], "PASSES": [ { "TARGET": "kept" } ], "INPUTS": [ { "NAME": "amount", "TYPE": "float" } ] }*/
void main() { gl_FragColor = mix(vec4(fract(TIME)), IMG_THIS_NORM_PIXEL(kept), amount); }
