/*{ "DESCRIPTION": "ISF 1: buffers by name.", "PERSISTENT_BUFFERS": { "kept": { "WIDTH": 64, "HEIGHT": "$HEIGHT / 4", "FLOAT": true } },
    "INPUTS": [ { "NAME": "inputImage", "TYPE": "image" } ], "PASSES": [ { "TARGET": "kept" }, { } ] }*/
void main() {
    if (PASSINDEX == 0) gl_FragColor = mix(IMG_THIS_PIXEL(inputImage), IMG_THIS_PIXEL(kept), 0.5);
    else gl_FragColor = IMG_NORM_PIXEL(kept, vv_FragNormCoord);
}
