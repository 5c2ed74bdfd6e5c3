/*{ "DESCRIPTION": "Paints the upper half red in one pass and copies it in the next.", "ISFVSN": "2",
    "PASSES": [ { "TARGET": "first" }, { "TARGET": "second", "WIDTH": "$WIDTH", "HEIGHT": "$HEIGHT" }, { } ] }*/
void main() {
    if (PASSINDEX == 0) {
        gl_FragColor = isf_FragNormCoord.y > 0.5 ? vec4(1.0, 0.0, 0.0, 1.0) : vec4(0.0, 0.0, 1.0, 1.0);
    } else if (PASSINDEX == 1) {
        gl_FragColor = IMG_THIS_PIXEL(first);
    } else {
        gl_FragColor = IMG_NORM_PIXEL(second, isf_FragNormCoord);
    }
}
