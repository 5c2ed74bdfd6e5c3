/*{ "DESCRIPTION": "The upper half is red, the lower half blue.", "CREDIT": "Klangbild", "ISFVSN": "2.0", "INPUTS": [] }*/
void main() {
    gl_FragColor = isf_FragNormCoord.y > 0.5 ? vec4(1.0, 0.0, 0.0, 1.0) : vec4(0.0, 0.0, 1.0, 1.0);
}
